import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Auth, ConnectionOptions, RuntimeEvent } from '../../src/index.ts';
import { defineVendor, open } from '../../src/index.ts';
import {
  type SoapAnswer,
  type SoapOptions,
  type SoapRequest,
  type SoapVersion,
  soap,
} from '../../src/protocols/soap/index.ts';
import { testClock } from './clock.ts';

/** What a connection of these tests can be given. */
export interface SoapTestOptions extends ConnectionOptions {
  readonly soap?: Partial<SoapOptions>;
  readonly auth?: Auth<unknown>;
}

const nobody: Auth<unknown> = { secrets: [], connect: () => ({ headers: () => ({}) }) };

/** A connector whose one operation sends any SOAP request, opened. Waits take no time. */
export const connectSoap = (url: string, { soap: soapOptions, auth = nobody, ...options }: SoapTestOptions = {}) => {
  const events: RuntimeEvent[] = [];
  const clock = testClock();
  let pending: (transport: {
    send: <R extends z.ZodType, A extends z.ZodType>(request: SoapRequest<R, A>) => Promise<unknown>;
  }) => Promise<unknown>;
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({ soap: soap({ url, ...soapOptions }) }),
    auth: () => auth,
  });
  const things = vendor.resource({
    record: z.object({ id: z.string() }),
    key: 'id',
    changes: 'none',
    get: async (call, id) => {
      await pending(call.transports.soap);
      return { id };
    },
  });
  const given = { clock, random: () => 0.5, events: (event: RuntimeEvent) => void events.push(event), ...options };
  const live = open(vendor.connector({ resources: { things } }), given);
  const send = async <Request extends z.ZodType, Answer extends z.ZodType>(
    request: SoapRequest<Request, Answer>,
  ): Promise<SoapAnswer<z.output<Answer>>> => {
    let answer: SoapAnswer<z.output<Answer>> | undefined;
    pending = async (transport) => {
      answer = (await transport.send(request)) as SoapAnswer<z.output<Answer>>;
    };
    await live.things.get('1');
    if (answer === undefined) throw new Error('nothing was sent');
    return answer;
  };
  return { send, events, clock };
};

/** Namespaces of the envelopes. */
export const envelopeNamespace: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
};

/** An envelope around a body. */
export const envelope = (
  body: string,
  { version = '1.1', header = '' }: { version?: SoapVersion; header?: string } = {},
) => `<s:Envelope xmlns:s="${envelopeNamespace[version]}">${header}<s:Body>${body}</s:Body></s:Envelope>`;

/** Answers with XML. */
export const xml = (
  response: ServerResponse,
  text: string | Buffer,
  status = 200,
  type = 'text/xml; charset=utf-8',
): void => {
  response.writeHead(status, { 'content-type': type }).end(text);
};
