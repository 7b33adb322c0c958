/** Uses an optional peer in a process of its own, and prints what comes of it: node absent-peer.ts <what>. */
import { z } from 'zod';
import { bearer } from '../../src/auth/index.ts';
import { defineVendor, isConnectorError, open, sealSecret } from '../../src/index.ts';
import { realtime } from '../../src/protocols/realtime/index.ts';
import { openTelemetry } from '../../src/telemetry/index.ts';

const url = 'ws://127.0.0.1:1';

const subscribe = async (protocol: 'plain' | 'graphql-ws'): Promise<void> => {
  const vendor = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({}),
    transports: () => ({
      plain: realtime({ url, protocol: 'plain' }),
      graphql: realtime({ url, protocol: 'graphql-ws' }),
    }),
    auth: () => bearer(sealSecret('a token')),
  });
  const things = vendor.resource({
    record: z.looseObject({ id: z.string() }),
    key: 'id',
    changes: 'none',
    subscribe: ({ transports }) =>
      protocol === 'plain'
        ? transports.plain.subscribe({ items: () => [] })
        : transports.graphql.subscribe({ document: 'subscription { a }', items: () => [] }),
  });
  const live = open(vendor.connector({ resources: { things } }), { events: () => undefined });
  for await (const _ of live.things.subscribe());
};

const [, , what] = process.argv;
try {
  if (what === 'telemetry') await openTelemetry();
  else await subscribe(what === 'plain' ? 'plain' : 'graphql-ws');
} catch (thrown) {
  process.stdout.write(isConnectorError(thrown) ? `${thrown.code}: ${thrown.message}\n` : `${thrown}\n`);
}
