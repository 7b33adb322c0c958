// The SOAP service in a process of its own. It answers bytes that were made before, so that it costs no contender time.
import { createServer } from 'node:http';
import { hostileDocuments } from './hostile.ts';
import { page, wsdl } from './page.ts';

const answers = new Map<string, Buffer>([['/', Buffer.from(page())]]);
for (const [index, make] of Object.values(hostileDocuments).entries())
  answers.set(`/hostile/${index}`, Buffer.from(make()));

let origin = '';
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const bytes = request.method === 'GET' ? Buffer.from(wsdl(origin)) : answers.get(pathname);
  request.resume().on('end', () => {
    response.writeHead(bytes === undefined ? 404 : 200, { 'content-type': 'text/xml; charset=utf-8' }).end(bytes);
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  origin = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
  process.send?.(origin);
});
process.once('disconnect', () => process.exit(0));
