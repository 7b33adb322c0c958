import { readField } from '@mortise/runtime';
import type { CheckRuns } from '../check.ts';
import { breach, type Trial, type Unproved, unproved } from '../trial.ts';
import { isUnproved, someRecords } from '../walk.ts';
import { writerOf } from '../writer.ts';

type Verdict = Promise<Unproved | undefined>;

/** Paths of the values of a record. */
const ownFields = (record: object, before = ''): readonly string[] =>
  Object.entries(record).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? ownFields(value, `${before}${name}.`)
      : [`${before}${name}`],
  );

const answersAsRead = async (trial: Trial): Verdict => {
  const { drive, definition } = trial;
  const writer = writerOf(trial);
  if (isUnproved(writer)) return writer;
  const live = trial.fresh();
  const [outcome] = await drive(writer.run(live, [writer.sample(0)]));
  if (outcome?.ok !== true) return breach('the written record fails');
  const id = live.port.keyOf(outcome.record);
  if (id === undefined) return breach('the outcome of a write has no key');
  const read = await drive(live.get?.(id) ?? Promise.resolve(undefined));
  const written = ownFields(writer.sample(0));
  const differing = written.filter(
    (path) => JSON.stringify(readField(read, path)) !== JSON.stringify(readField(outcome.record, path)),
  );
  if (differing.length > 0) breach(`the outcome of a write differs from what is read: ${differing.join(', ')}`);
  return definition.operations.get === undefined ? unproved('there is no get') : undefined;
};

const updateNamed = async (trial: Trial): Verdict => {
  const { drive, hands } = trial;
  if (hands?.change === undefined) return unproved('the world has no change to write');
  const made = await someRecords(trial, 1);
  if (isUnproved(made)) return made;
  const [id = ''] = made;
  const change = hands.change();
  const live = trial.fresh();
  const before = await drive(live.get?.(id) ?? Promise.resolve(undefined));
  await drive(live.update?.(id, change) ?? Promise.resolve());
  const after = await drive(live.get?.(id) ?? Promise.resolve(undefined));
  const changed = ownFields(change);
  if (changed.some((path) => JSON.stringify(readField(after, path)) !== JSON.stringify(readField(change, path)))) {
    breach('an update does not change what it names');
  }
  const { changes } = trial.definition;
  const stampPath = changes === 'none' ? undefined : changes.field;
  const stamp = stampPath === undefined ? undefined : (readField(after, stampPath) ?? undefined);
  // The vendor's field may hold the stamp of the change too, where the connector puts it together from several fields.
  const isStamp = (path: string): boolean =>
    path === stampPath || (stamp !== undefined && JSON.stringify(readField(after, path)) === JSON.stringify(stamp));
  const paths = typeof before === 'object' && before !== null ? ownFields(before) : [];
  const moved = paths.filter(
    (path) =>
      !changed.includes(path) &&
      !isStamp(path) &&
      JSON.stringify(readField(after, path)) !== JSON.stringify(readField(before, path)),
  );
  if (moved.length > 0) breach(`an update changes what it does not name: ${moved.join(', ')}`);
  return undefined;
};

const removed = async (trial: Trial): Verdict => {
  const { drive, hands } = trial;
  const made = await someRecords(trial, 2);
  if (isUnproved(made) || hands === undefined) return isUnproved(made) ? made : unproved('no hand in the resource');
  const [gone = '', kept = ''] = made;
  await drive(trial.fresh().remove?.(gone) ?? Promise.resolve());
  const left = await hands.ids();
  if (left.includes(gone)) breach('a removed record is still at the vendor');
  if (!left.includes(kept)) breach('a record that nobody removed is gone');
  return undefined;
};

/** What one record must be after it was written. */
export const singleWriteChecks: CheckRuns = {
  'outcome-is-what-is-read': answersAsRead,
  'update-changes-what-it-names': updateNamed,
  'remove-removes': removed,
};
