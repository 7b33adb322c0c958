import { readField } from '@mortise/runtime';
import type { CheckRuns } from '../check.ts';
import { breach, type Trial, type Unproved, unproved } from '../trial.ts';
import { isUnproved } from '../walk.ts';
import { wantWritten, writerOf } from '../writer.ts';

type Verdict = Promise<Unproved | undefined>;

const findByKey = async (trial: Trial): Verdict => {
  const { drive, definition } = trial;
  const writer = writerOf(trial);
  if (isUnproved(writer)) return writer;
  const { key } = writer.declared;
  if (key === undefined) return unproved('the write declares no key');
  const live = trial.fresh();
  const record = writer.sample(0);
  wantWritten(await drive(writer.run(live, [record])), 1);
  await trial.clock.advance(definition.changes === 'none' ? 0 : definition.changes.lagMs);
  const value = String(readField(record, key));
  const found = await drive(live.find?.({ field: key, value }) ?? Promise.resolve());
  if (found === undefined) breach('find does not find what was written under that key');
  return undefined;
};

const findExact = async (trial: Trial): Verdict => {
  const { drive } = trial;
  const writer = writerOf(trial);
  if (isUnproved(writer)) return writer;
  const { key } = writer.declared;
  if (key === undefined) return unproved('the write declares no key');
  const live = trial.fresh();
  const record = writer.sample(0);
  wantWritten(await drive(writer.run(live, [record])), 1);
  const value = String(readField(record, key));
  for (const near of [value.slice(0, -1), `${value}x`, 'nobody-has-this-key']) {
    const found = await drive(live.find?.({ field: key, value: near }) ?? Promise.resolve());
    if (found !== undefined) breach('find gives a record whose key is another one');
  }
  return undefined;
};

/** What look-ups by key must find, and must not. */
export const lookupChecks: CheckRuns = { 'find-by-key': findByKey, 'find-is-exact': findExact };
