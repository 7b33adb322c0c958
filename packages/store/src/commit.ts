import { randomInt } from 'node:crypto';
import { connectorError } from '@mortise/runtime';
import { type ImageSlot, sealImage } from './encryption/images.ts';
import { sealRecord } from './encryption/records.ts';
import type { Sealer } from './encryption/sealer.ts';
import { insertBatches } from './queries/batches.ts';
import { checkpointRow, upsertCheckpoints } from './queries/checkpoints.ts';
import { deleteDeadLetters, upsertDeadLetters } from './queries/dead-letters.ts';
import { insertCreated, insertUpdated, type JournalChange } from './queries/journal.ts';
import { upsertLinks } from './queries/links.ts';
import { deleteParked, upsertParked } from './queries/parked.ts';
import type { Statement } from './queries/statement.ts';
import type { Commit } from './store.ts';

/** A random id, so that links can point to a batch before it is written. Below 2^52, which a number holds exactly. */
const batchId = (): number => randomInt(2 ** 47) * 32 + randomInt(32);

/** What a batch writes down: itself with its read-backs, the journal, and the links, which the journal looks at first. */
const batchStatements = (commit: Commit, sealer: Sealer): readonly Statement[] => {
  const { sync, connection, run, at, links } = commit;
  if (links.length === 0) return [];
  const id = batchId();
  const slots: ImageSlot[] = [];
  const rows = links.map(({ sourceKey, destinationKey, fingerprint, base }) => {
    const slot = base === undefined ? null : slots.push([sourceKey, base]) - 1;
    return { sync, source_key: sourceKey, destination_key: destinationKey, fingerprint, batch: id, slot };
  });
  const image = slots.length === 0 ? null : sealImage(sealer, slots, { connection, sync, id });
  return [
    ...insertBatches([{ id, run, at, sync, connection, image }]),
    ...journalStatements(commit, id),
    ...upsertLinks(rows),
  ];
};

const journalStatements = ({ sync, links }: Commit, batch: number): readonly Statement[] => {
  const created: JournalChange[] = [];
  const updated: JournalChange[] = [];
  for (const { sourceKey, destinationKey, action } of links) {
    if (action === 'match') continue;
    const rows = action === 'create' ? created : updated;
    rows.push({ batch, source_key: sourceKey, destination_key: destinationKey, action });
  }
  return [...insertCreated(created), ...insertUpdated(updated, [batch, 'update', sync])];
};

const deadLetterStatements = (
  { sync, connection, run, at, deadLetters }: Commit,
  sealer: Sealer,
): readonly Statement[] =>
  upsertDeadLetters(
    deadLetters.map(({ sourceKey, stage, code, issues, payload }) => ({
      ...{ sync, connection, source_key: sourceKey, stage, code, issues: JSON.stringify(issues), run, at },
      payload: sealRecord(sealer, payload, { connection, sync, sourceKey }),
    })),
  );

const parkedStatements = ({ sync, connection, run, at, parked }: Commit, sealer: Sealer): readonly Statement[] =>
  upsertParked(
    parked.map(({ sourceKey, parentSync, parentKey, payload }) => ({
      ...{ sync, connection, source_key: sourceKey, parent_sync: parentSync, parent_key: parentKey, run, at },
      payload: sealRecord(sealer, payload, { connection, sync, sourceKey }),
    })),
  );

/**
 * The statements of a commit, in the order in which they must run: what is settled goes before what is new.
 * @throws ConnectorError `internal` when a line feed in an id would blur where encrypted values belong.
 */
export const commitStatements = (commit: Commit, sealer: Sealer): readonly Statement[] => {
  const { sync, connection, run, at, settled, checkpoint } = commit;
  if (sync.includes('\n') || connection.includes('\n')) {
    throw connectorError('internal', 'the id of a sync or connection holds a line feed: give it another id');
  }
  return [
    ...deleteDeadLetters(settled, [sync]),
    ...deleteParked(settled, [sync]),
    ...batchStatements(commit, sealer),
    ...deadLetterStatements(commit, sealer),
    ...parkedStatements(commit, sealer),
    ...(checkpoint ? upsertCheckpoints([checkpointRow(checkpoint, { sync, run, at })]) : []),
  ];
};
