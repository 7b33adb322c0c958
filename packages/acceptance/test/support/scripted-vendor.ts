import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ConnectionOptions, open } from '@mortise/runtime';
import { onTestFinished } from 'vitest';
import { thingsConnector, watched } from './things-connector.ts';

/** What the token endpoint answers. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly body: unknown;
}

/** Parameters of a token request, and its Authorization header. */
export interface ScriptedRequest {
  readonly parameters: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

/** A vendor whose token endpoint answers as a test says, for what no real server does. Ends with the test. */
export const scriptedVendor = async (given: {
  readonly token: (request: ScriptedRequest, number: number) => ScriptedAnswer | Promise<ScriptedAnswer>;
  /** Status of the API for a token; 200 unless given. */
  readonly api?: (token: string) => number;
}) => {
  const tokenRequests: ScriptedRequest[] = [];
  const apiTokens: string[] = [];
  const server = createServer(async (request, response) => {
    const text = await bodyOf(request);
    const { authorization } = request.headers;
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/token') {
      const parameters = Object.fromEntries(new URLSearchParams(text));
      tokenRequests.push({ parameters, authorization });
      const { status = 200, body } = await given.token({ parameters, authorization }, tokenRequests.length);
      return send(status, body);
    }
    const token = authorization?.replace('Bearer ', '') ?? '';
    apiTokens.push(token);
    return send(given.api?.(token) ?? 200, { id: '1' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A TCP server has an address and a port once it listens.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  /** A connection that begins with the refresh token `r0`. */
  const connect = (options: ConnectionOptions = {}) => {
    const { events, options: kept } = watched({ id: 'acme', ...options });
    const credentials = { clientSecret: 'scripted-secret', refreshToken: 'r0' };
    return { live: open(thingsConnector, { ...kept, settings: { url }, credentials }), events };
  };
  return { url, tokenRequests, apiTokens, connect };
};
