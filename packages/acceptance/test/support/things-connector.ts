import { type ConnectionOptions, defineVendor, type RuntimeEvent, secret } from '@mortise/runtime';
import { authorizationCode } from '@mortise/runtime/auth';
import { rest } from '@mortise/runtime/rest';
import { z } from 'zod';

/** A connector for the API beside the authorization server, connected in the browser. */
export const thingsVendor = defineVendor({
  id: 'things',
  settings: z.strictObject({ url: z.url(), clientId: z.string().default('web'), issuer: z.url().optional() }),
  credentials: z.strictObject({ clientSecret: secret().optional(), refreshToken: secret().optional() }),
  transports: ({ url }) => ({ rest: rest({ baseUrl: url }) }),
  auth: ({ settings: { url, clientId, issuer }, credentials: { clientSecret, refreshToken } }) =>
    authorizationCode({
      server: {
        issuer: issuer ?? url,
        authorizationEndpoint: `${url}/auth`,
        tokenEndpoint: `${url}/token`,
        sendsIssuer: true,
      },
      client: { id: clientId, ...(clientSecret !== undefined && { secret: clientSecret }) },
      ...(refreshToken !== undefined && { refreshToken }),
    }),
});

const things = thingsVendor.resource({
  record: z.looseObject({ id: z.string() }),
  key: 'id',
  changes: 'none',
  permissions: { get: ['things.read'], create: ['things.write'] },
  get: async (call) => (await call.transports.rest.send({ method: 'GET', path: 'things' })).body,
  create: {
    effect: 'unsafe',
    max: 1,
    run: async (call) => {
      const { body } = await call.transports.rest.send({ method: 'POST', path: 'things', body: {} });
      return [{ ok: true, record: body }];
    },
  },
});

/** The same, as its package would export it. */
export const thingsConnector = thingsVendor.connector({ resources: { things } });

/** The secret of the confidential client. */
export const webSecret = 'web-secret-7d1e';

/** Limits under which tests do not wait. */
export const quickly = { attempts: 3, backoffBaseMs: 1, backoffCapMs: 2 } as const;

/** Options of a connection whose events are kept. */
export const watched = (options: ConnectionOptions = {}) => {
  const events: RuntimeEvent[] = [];
  return { events, options: { limits: quickly, ...options, events: (event: RuntimeEvent) => void events.push(event) } };
};
