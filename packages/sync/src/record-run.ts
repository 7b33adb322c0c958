import { type CallOptions, connectorError, isConnectorError, type ResourcePort } from '@mortise/runtime';
import type { Sync } from './definition.ts';
import { execute, type RunOptions } from './execution.ts';
import type { RunResult } from './progress.ts';

/** How many records are fetched at the same time; the connection's own limits still hold. */
const fetchedAtOnce = 10;

/**
 * Runs a sync for single records, because something said that they have changed: a webhook, a subscription, a person.
 * Each is fetched as it is now, and carried where it differs; what was said about it is not looked at, because it may
 * be old. The checkpoint stays: the next {@link runSync} reads these records again and finds them unchanged.
 * A record that is gone is left to the deletions.
 * @param keys the source's ids
 * @throws ConnectorError as runSync does, and `invalid-definition` when the source has no `get`.
 */
export const runRecords = (sync: Sync, keys: readonly string[], options: RunOptions): Promise<RunResult> =>
  execute(sync, {
    options,
    work: async ({ pipeline, tally }) => {
      const distinct = [...new Set(keys)];
      for (let start = 0; start < distinct.length; start += fetchedAtOnce) {
        const records = await fetchAll(sync.from, {
          keys: distinct.slice(start, start + fetchedAtOnce),
          signal: options.signal,
        });
        await pipeline.accept({ records, rejected: [], checkpoint: undefined });
        tally.read += records.length;
      }
      await pipeline.drain();
    },
  });

const fetchAll = async (
  { get, id }: ResourcePort,
  { keys, signal }: { readonly keys: readonly string[]; readonly signal: AbortSignal | undefined },
): Promise<readonly unknown[]> => {
  if (get === undefined) throw connectorError('invalid-definition', `${id} has no get: its records come by list alone`);
  const found = await Promise.all(keys.map((key) => fetchOne(get, { key, signal, priority: 'webhook' })));
  return found.flat();
};

/** Nothing where the record is gone. One that does not fit its schema becomes a dead letter when the list gives it. */
const fetchOne = async (
  get: NonNullable<ResourcePort['get']>,
  { key, ...options }: CallOptions & { readonly key: string },
): Promise<readonly unknown[]> => {
  try {
    return [await get(key, options)];
  } catch (thrown) {
    if (isConnectorError(thrown) && (thrown.code === 'not-found' || thrown.code === 'invalid-record')) return [];
    throw thrown;
  }
};
