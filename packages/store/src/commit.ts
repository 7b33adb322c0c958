import { connectorError } from '@mortise/runtime';
import { sealRecord } from './encryption/records.ts';
import type { Sealer } from './encryption/sealer.ts';
import { checkpointRow, upsertCheckpoints } from './queries/checkpoints.ts';
import { deleteDeadLetters, upsertDeadLetters } from './queries/dead-letters.ts';
import { insertCreated, insertUpdated, type JournalChange } from './queries/journal.ts';
import { upsertLinks } from './queries/links.ts';
import { deleteParked, upsertParked } from './queries/parked.ts';
import type { Statement } from './queries/statement.ts';
import type { Commit } from './store.ts';

const linkStatements = ({ sync, connection, links }: Commit, sealer: Sealer): readonly Statement[] =>
  upsertLinks(
    links.map(({ sourceKey, destinationKey, fingerprint, base }) => ({
      ...{ sync, connection, source_key: sourceKey, destination_key: destinationKey, fingerprint },
      base: sealRecord(sealer, base, { connection, sync, sourceKey }),
    })),
  );

const journalStatements = ({ sync, connection, run, at, links }: Commit): readonly Statement[] => {
  const created: JournalChange[] = [];
  const updated: JournalChange[] = [];
  for (const { sourceKey, destinationKey, action } of links) {
    if (action === 'match') continue;
    const rows = action === 'create' ? created : updated;
    rows.push({ run, at, sync, connection, source_key: sourceKey, destination_key: destinationKey, action });
  }
  return [...insertCreated(created), ...insertUpdated(updated, [run, at, connection, 'update'])];
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
 * The statements of a commit, in the order in which they must run: the journal copies before-images out of the links
 * before these are overwritten, and what is settled goes before what is new.
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
    ...journalStatements(commit),
    ...linkStatements(commit, sealer),
    ...deadLetterStatements(commit, sealer),
    ...parkedStatements(commit, sealer),
    ...(checkpoint ? upsertCheckpoints([checkpointRow(checkpoint, { sync, run, at })]) : []),
  ];
};
