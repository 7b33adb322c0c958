import { secret } from '@mortise/runtime';
import { z } from 'zod';
import { listPage } from './vendor-facts.ts';

/** Names go into paths and GraphQL documents: nothing but a name passes. */
const name = z.string().regex(/^[A-Za-z_]\w{0,62}$/, 'a name of letters, digits and _ is needed');

/** Field that a collection need not have: null where it has none. */
const optionalName = (fallback: string) => name.nullable().default(fallback);

const stampFields = { date_created: name.default('date_created'), date_updated: name.default('date_updated') };

const itemFields = z.strictObject({
  id: name.default('id'),
  sku: name.default('sku'),
  name: optionalName('name'),
  description: optionalName('description'),
  price: optionalName('price'),
  active: optionalName('active'),
  ...stampFields,
});

const stockFields = z.strictObject({
  id: name.default('id'),
  sku: name.default('sku'),
  location: optionalName('location'),
  on_hand: name.default('on_hand'),
  allocated: optionalName('allocated'),
  ...stampFields,
});

/** Settings of a Directus connection. */
export const settings = z.strictObject({
  /** Address of the server, for instance https://stock.example.com */
  url: z.url({ error: 'a URL is needed, for instance https://stock.example.com' }),
  /** How live changes come: by GraphQL subscriptions, or by the plain WebSocket where GraphQL is switched off. */
  realtime: z.enum(['graphql-ws', 'websocket']).default('graphql-ws'),
  /**
   * Whether catching up after a lost connection reads the activity log, so that removals of the gap are told too. The
   * credentials then need to read `directus_activity`.
   */
  catchUpRemovals: z.boolean().default(false),
  /** Most rows of one request; the server's `QUERY_LIMIT_MAX` where its operator has set a lower one. */
  largestPage: z.int().min(1).default(listPage),
  /** Currency of the prices, ISO 4217: Directus keeps bare numbers. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('EUR'),
  items: z.strictObject({ collection: name.default('items'), fields: itemFields.prefault({}) }).prefault({}),
  stockLevels: z
    .strictObject({ collection: name.default('stock_levels'), fields: stockFields.prefault({}) })
    .prefault({}),
});

const eitherWay = 'give token, or email and password';

/** Credentials of a Directus connection: the static token of a user, or a login. */
export const credentials = z
  .strictObject({ token: secret().optional(), email: z.string().min(1).optional(), password: secret().optional() })
  .refine(
    ({ token, email, password }) =>
      token === undefined
        ? email !== undefined && password !== undefined
        : email === undefined && password === undefined,
    { error: eitherWay },
  );

/** Settings as operations see them. */
export type DirectusSettings = z.output<typeof settings>;
