import {
  type ConnectionStore,
  type ConnectorError,
  isConnectorError,
  open,
  type Page,
  type RuntimeEvent,
} from '@mortise/runtime';
import { type HubSpotSandboxOptions, startHubSpotSandbox } from '@mortise/sandbox-hubspot';
import { virtualClock } from '@mortise/testing';
import { onTestFinished } from 'vitest';
import type { z } from 'zod';
import hubspot, { type credentials as credentialsSchema, prepare } from '../src/index.ts';

export { drive } from '@mortise/testing';

/** Noon UTC, so that midnight is 12 hours away. */
export const noon = Date.UTC(2026, 10, 23, 12);

/** What a test may choose. */
export interface Choice {
  readonly sandbox?: Omit<HubSpotSandboxOptions, 'clock'>;
  readonly settings?: { readonly searchLagMs?: number; readonly requestsPerTenSeconds?: number };
  readonly token?: string;
  readonly credentials?: z.input<typeof credentialsSchema>;
  readonly store?: ConnectionStore;
  readonly prepared?: boolean;
}

/** A stand-in over real sockets and a connection to it, both on one virtual clock that `drive` moves. */
export const connect = async ({
  sandbox: options = {},
  settings = {},
  token = 'sandbox-token',
  credentials = { token },
  store,
  prepared = false,
}: Choice = {}) => {
  const clock = virtualClock(noon);
  const sandbox = await startHubSpotSandbox({ ...options, clock });
  onTestFinished(() => sandbox.close());
  const events: RuntimeEvent[] = [];
  const connection = {
    settings: { ...settings, baseUrl: sandbox.url },
    credentials,
    ...(store !== undefined && { store }),
    clock,
    random: () => 0,
    events: (event: RuntimeEvent) => void events.push(event),
    // Virtual hours pass while a real socket answers.
    limits: { requestTimeoutMs: 2e9, callTimeoutMs: 2e9, quotaReserve: 0 },
  };
  if (prepared) await prepare(connection);
  const crm = open(hubspot, connection);
  return { sandbox, crm, events, clock, connection };
};

/** All pages of a list. */
export const pagesOf = async <Item>(pages: AsyncIterable<Page<Item>>): Promise<Page<Item>[]> => {
  const read: Page<Item>[] = [];
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

/** Writes an object past the API, as another user's work of that time would look. */
export const updatedAt = (
  sandbox: Awaited<ReturnType<typeof connect>>['sandbox'],
  type: string,
  stamp: number,
): void => {
  sandbox.database.statement('UPDATE objects SET updated_at = ? WHERE type = ?').run(stamp, type);
};

/** A contact of the model with only its e-mail given. */
export const person = (email: string, lastName: string | null = null) => ({
  email,
  firstName: null,
  lastName,
  phone: null,
  company: null,
  street: null,
  city: null,
  region: null,
  postalCode: null,
  country: null,
});
