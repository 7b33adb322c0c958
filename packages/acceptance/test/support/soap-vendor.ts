import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { type ConnectionOptions, defineVendor, open } from '@mortise/runtime';
import { type SoapAnswer, type SoapOptions, type SoapRequest, type SoapTransport, soap } from '@mortise/runtime/soap';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has an address and a port once it listens.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** A server of a SOAP service: gets each request with its body. Ends with the test. */
export const serveSoap = async (answer: (response: ServerResponse, body: string, request: IncomingMessage) => void) => {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    requests.push(body);
    answer(response, body, request);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: await listening(server), requests, server };
};

/** A server that answers every request with the same bytes. */
export const serveXml = (bytes: string | Buffer, type = 'text/xml; charset=utf-8') =>
  serveSoap((response) => void response.writeHead(200, { 'content-type': type }).end(bytes));

/** A port that counts who connects to it. */
export const startBait = async () => {
  const bait = { connections: 0 };
  const server = createSocketServer((socket) => {
    bait.connections += 1;
    socket.destroy();
  });
  onTestFinished(() => void server.close());
  return { bait, url: await listening(server) };
};

/** A connection to a SOAP service that sends any operation. */
export const openSoap = (
  url: string,
  { soap: soapOptions, ...options }: ConnectionOptions & { soap?: Partial<SoapOptions> } = {},
) => {
  let use: (transport: SoapTransport) => Promise<void> = async () => undefined;
  const vendor = defineVendor({
    id: 'erp',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({ soap: soap({ url, ...soapOptions }) }),
    auth: () => ({ secrets: [], connect: () => ({ headers: () => ({}) }) }),
  });
  const things = vendor.resource({
    record: z.object({ id: z.string() }),
    key: 'id',
    changes: 'none',
    get: async (call, id) => {
      await use(call.transports.soap);
      return { id };
    },
  });
  const live = open(vendor.connector({ resources: { things } }), {
    limits: { attempts: 1 },
    events: () => undefined,
    ...options,
  });
  return async <Request extends z.ZodType, Answer extends z.ZodType>(
    request: SoapRequest<Request, Answer>,
  ): Promise<SoapAnswer<z.output<Answer>>> => {
    let answer: SoapAnswer<z.output<Answer>> | undefined;
    use = async (transport) => {
      answer = await transport.send(request);
    };
    await live.things.get('1');
    if (answer === undefined) throw new Error('nothing was sent');
    return answer;
  };
};
