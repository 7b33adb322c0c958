// A paged REST source and a batched destination in a process of their own, so that they cost no contender its CPU time.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { renderPage } from './records.ts';

const records = Number(process.argv[2] ?? 100_000);

const sendJson = (response: ServerResponse, text: string): void => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
};

const readText = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

/** Answers a batch as a vendor does: each record with the id that it got. */
const writtenBatch = (text: string): string => {
  const { inputs }: { inputs: { email: string }[] } = JSON.parse(text);
  const results = inputs.map((input) => ({ ...input, id: `d-${input.email}` }));
  return JSON.stringify({ results });
};

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'GET')
    return sendJson(response, renderPage(Number(url.searchParams.get('after') ?? 0), records));
  sendJson(response, writtenBatch(await readText(request)));
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '');
});
process.once('disconnect', () => process.exit(0));
