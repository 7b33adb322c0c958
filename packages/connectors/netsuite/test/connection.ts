import { type ConnectorError, isConnectorError, open, type Page, type RuntimeEvent } from '@mortise/runtime';
import { type NetSuiteSandboxOptions, startNetSuiteSandbox } from '@mortise/sandbox-netsuite';
import { virtualClock } from '@mortise/testing';
import { onTestFinished } from 'vitest';
import netsuite from '../src/index.ts';
import { privateKey, publicKey } from './keys.ts';

export { drive } from '@mortise/testing';

/** The transports: what is said of one is said of the other. */
export const apis = ['soap', 'rest'] as const;
/** See {@link apis}. */
export type Api = (typeof apis)[number];

/** Noon UTC of a day behind the seed's stamps. */
export const noon = Date.UTC(2026, 10, 23, 12);

/** What a test may choose. */
export interface Choice {
  readonly api?: Api;
  readonly seed?: NetSuiteSandboxOptions['seed'];
  readonly sandbox?: NonNullable<NetSuiteSandboxOptions['settings']>;
  readonly settings?: { readonly concurrentRequests?: number; readonly currencies?: Record<string, string> };
  readonly tokenSecret?: string;
  /** Public key that the stand-in knows; that of the connection unless given. */
  readonly knownKey?: string;
  /** By the clock of this machine, for requests that must overlap. */
  readonly isReal?: boolean;
  /** Keeps the bodies of all requests. */
  readonly bodies?: string[];
}

/** A fetch that sends what it is given, and keeps the bodies. */
const recording =
  (bodies: string[]): typeof globalThis.fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    bodies.push(await request.clone().text());
    return fetch(request, { redirect: 'manual' });
  };

/** A stand-in over real sockets and a connection to it, both on one virtual clock that `drive` moves. */
export const connect = async ({
  api = 'soap',
  seed,
  sandbox: chosen = {},
  settings = {},
  tokenSecret = 'sandbox-token-secret',
  bodies,
  isReal = false,
  knownKey = publicKey,
}: Choice = {}) => {
  const clock = virtualClock(noon);
  const sandbox = await startNetSuiteSandbox({
    ...(!isReal && { clock }),
    ...(seed !== undefined && { seed }),
    settings: { oauth: { publicKey: knownKey }, ...chosen },
  });
  onTestFinished(() => sandbox.close());
  const events: RuntimeEvent[] = [];
  const erp = open(netsuite, {
    settings: {
      account: '123456_SB1',
      api,
      baseUrl: sandbox.url,
      currencies: { 1: 'USD', 2: 'GBP', 4: 'EUR', 5: 'JPY' },
      ...settings,
    },
    credentials: {
      tokens: {
        consumerKey: 'sandbox-consumer-key',
        consumerSecret: 'sandbox-consumer-secret',
        tokenId: 'sandbox-token',
        tokenSecret,
      },
      certificate: { clientId: 'sandbox-client', certificateId: 'sandbox-certificate', privateKey },
    },
    ...(!isReal && { clock, random: () => 0 }),
    ...(bodies !== undefined && { fetch: recording(bodies) }),
    events: (event: RuntimeEvent) => void events.push(event),
    // Virtual hours pass while a real socket answers.
    limits: isReal ? { attempts: 20, quotaReserve: 0 } : { requestTimeoutMs: 2e9, callTimeoutMs: 2e9, quotaReserve: 0 },
  });
  return { sandbox, erp, events, clock };
};

/** All pages of a list, or of deletions. */
export const pagesOf = async <Each>(pages: AsyncIterable<Each>): Promise<Each[]> => {
  const read: Each[] = [];
  for await (const page of pages) read.push(page);
  return read;
};

/** All records of a list. */
export const recordsOf = async <Item>(pages: AsyncIterable<Page<Item>>): Promise<Item[]> =>
  (await pagesOf(pages)).flatMap(({ records }) => records);

/** The ConnectorError that a promise rejects with. */
export const errorOf = async (promise: Promise<unknown>): Promise<ConnectorError> => {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (isConnectorError(thrown)) return thrown;
  throw new Error('no ConnectorError was thrown');
};
