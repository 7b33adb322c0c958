// The vendors of the connector bench in a process of its own. They answer bytes that were made before, so that they cost
// no contender time: `server.ts PAGES LATENCY_MS`.
import { createServer, type IncomingMessage } from 'node:http';
import { contactPage, customerPage, pageRecords } from './pages.ts';

const [pages, latencyMs] = process.argv.slice(2).map(Number);
if (pages === undefined || latencyMs === undefined) throw new Error('how many pages, and which latency?');
const numbers = Array.from({ length: pages }, (_, number) => number);
const contacts = numbers.map((number) => Buffer.from(contactPage(number, pages)));
const customers = numbers.map((number) => Buffer.from(customerPage(number, pages)));
const nothing = Buffer.from('{"results":[]}');

/** The page that a query of the Admin API asks for: by cursor, or by what lies behind an id. */
const customerNumber = (body: string): number => {
  const [, after] = /"after":"(\d+)"/.exec(body) ?? [];
  const [, id] = /id:>'?(\d+)/.exec(body) ?? [];
  return Number(after ?? Number(id ?? 0) / pageRecords);
};

const answerOf = ({ url = '/' }: IncomingMessage, body: string): Buffer | undefined => {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  if (pathname === '/sink') return nothing;
  if (pathname.endsWith('/graphql.json')) return customers[customerNumber(body)];
  // By offset for the list that can be guessed, by cursor for HubSpot's.
  const skip = searchParams.get('skip');
  return skip === null ? contacts[Number(searchParams.get('after') ?? 0)] : contactsFrom(Number(skip));
};

/** The records from an offset on: put together once, because pages overlap. */
const bySkip = new Map<number, Buffer>();
const all: readonly unknown[] = contacts.flatMap((page) => JSON.parse(page.toString()).results);
const contactsFrom = (skip: number): Buffer => {
  const results = all.slice(skip, skip + pageRecords);
  const known = bySkip.get(skip) ?? Buffer.from(JSON.stringify({ results, total: all.length }));
  bySkip.set(skip, known);
  return known;
};

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = answerOf(request, Buffer.concat(chunks).toString());
  const send = () => {
    const headers = { 'content-type': 'application/json', 'content-length': answer?.length ?? 0 };
    response.writeHead(answer === undefined ? 404 : 200, headers).end(answer);
  };
  if (latencyMs === 0) send();
  else setTimeout(send, latencyMs);
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '');
});
process.once('disconnect', () => process.exit(0));
