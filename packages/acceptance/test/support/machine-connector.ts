import { type Auth, defineVendor } from '@mortise/runtime';
import { rest } from '@mortise/runtime/rest';
import { z } from 'zod';

/** A connector for the API beside a token endpoint, by whatever auth method a test tries. */
export const machineConnector = (url: string, auth: Auth<unknown>) => {
  const vendor = defineVendor({
    id: 'machine',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({ rest: rest({ baseUrl: url }) }),
    auth: () => auth,
  });
  const things = vendor.resource({
    record: z.looseObject({ id: z.string() }),
    key: 'id',
    changes: 'none',
    get: async (call) => (await call.transports.rest.send({ method: 'GET', path: 'things' })).body,
  });
  return vendor.connector({ resources: { things } });
};
