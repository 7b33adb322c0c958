import type { BatchWrite, ItemOutcome } from '@mortise/runtime';
import { type AnyLive, breach, type Trial, type Unproved, unproved } from './trial.ts';
import { missingOf } from './walk.ts';
import type { ResourceWorld } from './world.ts';

/** What became of the records of a write. */
export type Outcomes = readonly ItemOutcome<unknown>[];

/** The batch write of a resource: its upsert, or else its create. */
export interface Writer {
  readonly declared: BatchWrite<unknown, unknown, unknown>;
  readonly run: (live: AnyLive, records: readonly object[]) => Promise<Outcomes>;
  readonly sample: (index: number) => object;
  readonly hands: ResourceWorld;
}

/** Writes by `create`. */
export const runCreate: Writer['run'] = async (live, records) => (await live.create?.(records)) ?? [];
/** Writes by `upsert`. */
const runUpsert: Writer['run'] = async (live, records) => (await live.upsert?.(records)) ?? [];

/** The batch write of the resource on trial. */
export const writerOf = ({ definition, hands }: Trial): Writer | Unproved => {
  const { upsert, create } = definition.operations;
  const declared = upsert ?? create;
  if (hands?.sample === undefined || declared === undefined) return unproved('the world has no written records');
  return {
    declared,
    run: upsert === undefined ? runCreate : runUpsert,
    sample: hands.sample,
    hands,
  };
};

/** So many of the world's written records. */
export const samples = ({ sample }: Writer, count: number, from = 0): readonly object[] =>
  Array.from({ length: count }, (_, index) => sample(from + index));

/** Fails the check where not all records are written. */
export const wantWritten = (outcomes: Outcomes, count: number): void => {
  if (outcomes.length !== count) breach(`${count} records were written, and there are ${outcomes.length} outcomes`);
  const failed = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error.code]));
  if (failed.length > 0) breach(`${failed.length} of ${count} records fail: ${failed[0]}`);
};

/** Keys that are new at the vendor. */
export const newKeys = async ({ hands }: Writer, before: readonly string[]): Promise<readonly string[]> =>
  missingOf(await hands.ids(), before);

/** Fails the check where so many written keys have not left as many new records, or any where records are only set. */
export const wantNew = async (
  writer: Writer,
  { count, before, saying }: { readonly count: number; readonly before: readonly string[]; readonly saying: string },
): Promise<void> => {
  const made = (await newKeys(writer, before)).length;
  if (made !== (writer.hands.setsOnly === true ? 0 : count))
    breach(`${saying}, and the vendor has ${made} new records`);
};
