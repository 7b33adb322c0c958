import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { canaries } from './canaries.ts';

/** A vendor that quotes in its answers what it was told, which is the worst that vendors do. */
export interface QuotingVendor {
  readonly url: string;
  /** All that came over the wire, heads and bodies. */
  readonly received: () => string;
}

const told = Object.values(canaries).join(' | ');

const quoting = { message: `we cannot take this: ${told}`, code: 'INVALID', errors: [{ message: told }], detail: told };

const fault = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>
  <faultcode>s:Client</faultcode><faultstring><![CDATA[${told}]]></faultstring><detail><![CDATA[${told}]]></detail>
</s:Fault></s:Body></s:Envelope>`;

/** Sends a text in two pieces that part every canary somewhere: one in the middle of all of them is enough to try. */
const inTwoPieces = (response: ServerResponse, text: string): void => {
  const middle = text.indexOf(canaries.recordValue) + 7;
  response.write(text.slice(0, middle));
  setImmediate(() => response.end(text.slice(middle)));
};

const json = (response: ServerResponse, status: number, { body }: { readonly body: unknown }): void => {
  response.writeHead(status, {
    'content-type': 'application/json',
    // Vendors quote the caller's own credential, if any.
    'x-request-id': `request for ${response.req.headers.authorization ?? response.req.headers['x-api-key'] ?? 'nobody'}`,
    'set-cookie': `session=${canaries.sessionToken}`,
  });
  inTwoPieces(response, JSON.stringify(body));
};

const record = { id: '1', name: canaries.recordValue, note: told };

const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/token': (response) =>
    json(response, 200, { body: { access_token: canaries.accessToken, token_type: 'bearer', expires_in: 3600 } }),
  '/login': (response) => json(response, 200, { body: { token: canaries.sessionToken } }),
  '/things/ok': (response) => json(response, 200, { body: record }),
  '/things/misfit': (response) => json(response, 200, { body: { ...record, id: { [canaries.recordValue]: told } } }),
  '/things/broken': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(`{"id": "1", "name": "${canaries.recordValue}`);
  },
  '/things/page': (response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<html>${told}</html>`);
  },
  '/things/elsewhere': (response) => {
    response.writeHead(302, { location: `https://elsewhere.example/${encodeURIComponent(canaries.accessToken)}` });
    response.end();
  },
  '/things/garbled': (response) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: x${canaries.recordValue}\r\n\r\n`);
  },
  '/things/cut': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '99999' });
    response.write(JSON.stringify(record));
    setImmediate(() => response.destroy());
  },
  '/graphql': (response) => json(response, 200, { body: { errors: [{ message: told, extensions: { code: 'BAD' } }] } }),
  '/soap': (response) => {
    response.writeHead(500, { 'content-type': 'text/xml' });
    inTwoPieces(response, fault);
  },
};

const notFound = (response: ServerResponse): void => json(response, 404, { body: quoting });

const answer = (request: IncomingMessage, response: ServerResponse): void => {
  const path = new URL(request.url ?? '/', 'http://vendor').pathname;
  const status = Number(/^\/status\/(\d+)/.exec(path)?.[1]);
  if (status > 0) json(response, status, { body: quoting });
  else (answers[path] ?? notFound)(response);
};

/** Starts the vendor. Ends with the test. */
export const startQuotingVendor = async (): Promise<QuotingVendor> => {
  let received = '';
  const server = createServer(async (request, response) => {
    response.on('error', () => undefined);
    received += `${request.method} ${request.url}\n${request.rawHeaders.join('\n')}\n`;
    for await (const chunk of request) received += String(chunk);
    received += '\n';
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A TCP server has an address and a port once it listens.
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received: () => received };
};
