// The contenders: each gets a URL and gives the parsed body. Loaded one by one, so that none carries another's modules.
import { gunzipSync } from 'node:zlib';
import { certificate } from './certificate.ts';

/** Asks for a URL once and gives what its body parses to, or throws. */
export type Get = (url: string) => Promise<unknown>;

const ca = certificate.cert;

/** The limit: undici.request, its body read and parsed; inflated in one go. */
const undici = async (): Promise<Get> => {
  const { Agent, request } = await import('undici');
  const dispatcher = new Agent({ connect: { ca } });
  const headers = { authorization: 'Bearer a token', 'accept-encoding': 'gzip' };
  return async (url) => {
    const answer = await request(url, { dispatcher, headers });
    if (answer.statusCode >= 400) {
      await answer.body.dump();
      throw new Error(`status ${answer.statusCode}`);
    }
    if (answer.headers['content-encoding'] !== 'gzip') return answer.body.json();
    return JSON.parse(gunzipSync(await answer.body.arrayBuffer()).toString());
  };
};

/** Mortise, everything on: auth, quota, budget, breaker, deadlines, exact integers, events, redaction. */
const mortise = async (): Promise<Get> => {
  const { defineVendor, open, secret } = await import('@mortise/runtime');
  const { bearer } = await import('@mortise/runtime/auth');
  const { rest } = await import('@mortise/runtime/rest');
  const { z } = await import('zod');
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({ url: z.url() }),
    credentials: z.strictObject({ token: secret() }),
    transports: ({ url }) => ({
      rest: rest({ baseUrl: url, quota: [{ name: 'default', requests: 1_000_000, perMs: 100 }] }),
    }),
    auth: ({ credentials }) => bearer(credentials.token),
  });
  const things = vendor.resource({
    record: z.looseObject({ id: z.string().optional() }),
    key: 'id',
    changes: 'none',
    get: async (call, path) => (await call.transports.rest.send({ method: 'GET', path })).body,
  });
  const connector = vendor.connector({ resources: { things } });
  // So that lines of failures are neither repeated nor stopped by the breaker, and lines of refusals have tokens enough.
  const unlimited = { backoffBaseMs: 0, breakerRequests: 1_000_000_000, retryTokens: 1_000_000_000 };
  const connections = new Map<string, Get>();
  const connect = (origin: string, attempts: number): Get => {
    const options = { network: { ca }, events: () => undefined, limits: { ...unlimited, attempts } };
    const live = open(connector, { settings: { url: origin }, credentials: { token: 'a token' }, ...options });
    return (path) => live.things.get(path);
  };
  const asked = new Map<string, () => Promise<unknown>>();
  const asking = (url: string) => {
    const { origin, pathname } = new URL(url);
    const attempts = pathname === '/broken' ? 1 : 21;
    const get = connections.get(`${origin} ${attempts}`) ?? connect(origin, attempts);
    connections.set(`${origin} ${attempts}`, get);
    return () => get(pathname);
  };
  return (url) => {
    const ask = asked.get(url) ?? asking(url);
    asked.set(url, ask);
    return ask();
  };
};

const bareKy = async (): Promise<Get> => {
  const { default: ky } = await import('ky');
  const client = ky.create({ headers: { authorization: 'Bearer a token' }, retry: 0 });
  return (url) => client(url).json();
};

const axiosWithRetry = async (): Promise<Get> => {
  const { default: axios } = await import('axios');
  const { default: axiosRetry } = await import('axios-retry');
  const { Agent } = await import('node:http');
  const httpAgent = new Agent({ keepAlive: true });
  const client = axios.create({ headers: { authorization: 'Bearer a token' }, httpAgent });
  const condition = ({ response }: { response?: { status: number } }) => response?.status === 429;
  axiosRetry(client, { retries: 20, retryDelay: () => 0, retryCondition: condition });
  return async (url) => (await client.get(url)).data;
};

const gotWithAgent = async (): Promise<Get> => {
  const { default: got } = await import('got');
  const { Agent } = await import('node:http');
  const agent = { http: new Agent({ keepAlive: true }) };
  const retry = {
    limit: 20,
    statusCodes: [429],
    calculateDelay: ({ computedValue }: { computedValue: number }) => computedValue && 1,
  };
  const client = got.extend({ headers: { authorization: 'Bearer a token' }, agent, retry });
  return (url) => client(url).json();
};

/** The contenders by name. */
export const clients: Readonly<Record<string, () => Promise<Get>>> = {
  undici,
  mortise,
  ky: bareKy,
  axios: axiosWithRetry,
  got: gotWithAgent,
};
