// The vendor of the connector bench in a process of its own. It answers bytes that were made before, so that it costs
// no contender time: `server.ts PAGES LATENCY_MS`.
import { createServer } from 'node:http';
import { contactPage } from './pages.ts';

const [pages, latencyMs] = process.argv.slice(2).map(Number);
if (pages === undefined || latencyMs === undefined) throw new Error('how many pages, and which latency?');
const contacts = Array.from({ length: pages }, (_, number) => Buffer.from(contactPage(number, pages)));

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const page = contacts[Number(searchParams.get('after') ?? 0)];
  const answer = () => {
    response.writeHead(page === undefined ? 404 : 200, {
      'content-type': 'application/json',
      'content-length': page?.length ?? 0,
    });
    response.end(page);
  };
  request.resume().on('end', () => {
    if (latencyMs === 0) answer();
    else setTimeout(answer, latencyMs);
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '');
});
process.once('disconnect', () => process.exit(0));
