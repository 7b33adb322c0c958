import type { OperationName } from '@mortise/runtime';
import { readField } from '@mortise/runtime';
import type { CheckRuns } from '../check.ts';
import { type AnyLive, breach, errorOf, type Trial, type Unproved } from '../trial.ts';
import { isUnproved, someRecords } from '../walk.ts';

const firstOf = async (sequence: AsyncIterable<unknown> | undefined): Promise<void> => {
  for await (const _each of sequence ?? []) return;
};

const longAgo = new Date(0);

/** Subscriptions have checks of their own: without a change to tell they wait for ever. */
const calls = (
  live: AnyLive,
  { id, sample, key, change }: { id: string; sample: object | undefined; key: string; change: object | undefined },
): Partial<Record<OperationName, () => Promise<unknown>>> => ({
  list: () => firstOf(live.list?.()),
  get: async () => live.get?.(id),
  find: async () => live.find?.({ field: key, value: String(readField(sample, key) ?? 'nobody') }),
  deletions: () => firstOf(live.deletions?.({ since: longAgo })),
  ...(sample && { create: async () => live.create?.([sample]), upsert: async () => live.upsert?.([sample]) }),
  ...(change && { update: async () => live.update?.(id, change) }),
  remove: async () => live.remove?.(id),
});

/** Operations that are there in name only: they end in an error of our own making. */
export const deadOperations = async (trial: Trial): Promise<readonly string[]> => {
  const { definition, hands, drive } = trial;
  const made = await someRecords(trial, 1);
  const [id = 'none'] = isUnproved(made) ? [] : made;
  const { upsert, create } = definition.operations;
  const key = upsert?.key ?? create?.key ?? definition.key;
  const of = calls(trial.fresh(), { id, sample: hands?.sample?.(900), key, change: hands?.change?.() });
  const dead: string[] = [];
  for (const [name, call] of Object.entries(of)) {
    if (!Object.hasOwn(definition.operations, name)) continue;
    const error = await errorOf(drive(call()));
    if (error?.code === 'internal' || error?.code === 'invalid-definition') dead.push(name);
  }
  return dead;
};

const operationsWork = async (trial: Trial): Promise<Unproved | undefined> => {
  const dead = await deadOperations(trial);
  if (dead.length > 0) breach(`declared, and not there: ${dead.join(', ')}`);
  return undefined;
};

/** Whether what is declared is there at all. */
export const operationChecks: CheckRuns = { 'operations-work': operationsWork };
