import {
  keyText,
  type Parsed,
  type RecordIssue,
  type RejectedRecord,
  type ResourcePort,
  readField,
} from '@mortise/runtime';
import type { DeadLetter, Link, Parked, Store } from '@mortise/store';
import type { Sync } from './definition.ts';
import { fingerprint } from './fingerprint.ts';

/** A record that is to be written. */
export interface PlannedWrite {
  readonly sourceKey: string;
  /** The wire record as it was read, for the dead letters. */
  readonly source: unknown;
  readonly written: unknown;
  readonly fingerprint: string;
  /** The link as it stood before, if there was one. */
  readonly link: Link | undefined;
}

/** What becomes of the records of one page. */
export interface PageDecision {
  readonly writes: readonly PlannedWrite[];
  readonly unchanged: readonly string[];
  readonly deadLetters: readonly DeadLetter[];
  readonly parked: readonly Parked[];
}

/** A record of the page that has a key and went through both mappings as far as the references. */
interface Mapped {
  readonly sourceKey: string;
  readonly source: unknown;
  readonly model: Record<string, unknown>;
}

const noKey: readonly RecordIssue[] = [{ path: '', reason: 'the record has no key' }];

/** A record without a key is kept apart from others by its content. */
const keyOrContent = (key: string | undefined, record: unknown): string => key ?? `without-key:${fingerprint(record)}`;

const deadLetter = (
  { sourceKey, source }: { readonly sourceKey: string; readonly source: unknown },
  why: { readonly stage: DeadLetter['stage']; readonly issues: readonly RecordIssue[] },
): DeadLetter => ({ sourceKey, ...why, code: 'invalid-record', payload: source });

/** The newest of the records that share a key: a page may hold one twice. Of equal stamps the one read last. */
const newestOfEachKey = (port: ResourcePort, records: readonly unknown[]) => {
  const byKey = new Map<string, unknown>();
  const keyless: unknown[] = [];
  for (const record of records) {
    const key = port.keyOf(record);
    if (key === undefined) keyless.push(record);
    else if (!isOlder(port, { record, known: byKey.get(key) })) byKey.set(key, record);
  }
  return { byKey, keyless };
};

const isOlder = (port: ResourcePort, { record, known }: { record: unknown; known: unknown }): boolean => {
  if (known === undefined) return false;
  const stamp = port.changedAt(record);
  const knownStamp = port.changedAt(known);
  return stamp !== undefined && knownStamp !== undefined && stamp < knownStamp;
};

/** Runs a mapping. One that throws is at fault with this record, not with the run; what it threw may hold values. */
const guarded = <Value>(run: () => Parsed<Value>): Parsed<Value> => {
  try {
    return run();
  } catch (thrown) {
    const kind = thrown instanceof Error ? thrown.name : typeof thrown;
    return { ok: false, issues: [{ path: '', reason: `the mapping failed on this record (${kind})` }] };
  }
};

const decodeAndMap = (sync: Sync, source: unknown): Parsed<unknown> => {
  const decoded = sync.from.decode(source);
  if (!decoded.ok || sync.map === undefined) return decoded;
  return sync.map.tryDecode(decoded.value as never); // the source's model is what the mapping was typed for
};

/** Decides for each record of a page: write, leave, park or set aside. Reads links; writes nothing. */
export const decidePage = async (
  { sync, store }: { sync: Sync; store: Store },
  page: { readonly records: readonly unknown[]; readonly rejected: readonly RejectedRecord[] },
): Promise<PageDecision> => {
  const { byKey, keyless } = newestOfEachKey(sync.from, page.records);
  const deadLetters: DeadLetter[] = [
    ...page.rejected.map(({ key, record, issues }) =>
      deadLetter({ sourceKey: keyOrContent(key, record), source: record }, { stage: 'validate', issues }),
    ),
    ...keyless.map((record) =>
      deadLetter({ sourceKey: keyOrContent(undefined, record), source: record }, { stage: 'validate', issues: noKey }),
    ),
  ];
  const mapped: Mapped[] = [];
  for (const [sourceKey, source] of byKey) {
    const result = guarded(() => decodeAndMap(sync, source));
    if (result.ok)
      mapped.push({ sourceKey, source, model: result.value as Record<string, unknown> }); // models are objects
    else deadLetters.push(deadLetter({ sourceKey, source }, { stage: 'map', issues: result.issues }));
  }
  const referenced = await translateReferences({ sync, store }, mapped);
  const links = await store.readLinks(sync.name, [...byKey.keys()]);
  const encoded = encodeAll(sync, { records: referenced.records, links });
  return { ...encoded, parked: referenced.parked, deadLetters: [...deadLetters, ...encoded.deadLetters] };
};

/** Replaces source ids of parents by destination ids; a record whose parent has no link yet is parked. */
const translateReferences = async (
  { sync, store }: { sync: Sync; store: Store },
  mapped: readonly Mapped[],
): Promise<{ records: readonly Mapped[]; parked: readonly Parked[] }> => {
  let records = mapped;
  const parked: Parked[] = [];
  for (const [field, parentSync] of Object.entries(sync.references)) {
    const ids = records.map(({ model }) => keyText(model[field])).filter((id) => id !== undefined);
    const parents = await store.readLinks(parentSync, [...new Set(ids)]);
    const ready: Mapped[] = [];
    for (const record of records) {
      const id = keyText(record.model[field]);
      const parent = id === undefined ? undefined : parents.get(id);
      if (id === undefined) ready.push(record);
      else if (parent === undefined)
        parked.push({ sourceKey: record.sourceKey, parentSync, parentKey: id, payload: record.source });
      else ready.push({ ...record, model: { ...record.model, [field]: parent.destinationKey } });
    }
    records = ready;
  }
  return { records, parked };
};

/** Encodes the records, leaves out what the link shows to be written already, and refuses a key that comes twice. */
const encodeAll = (
  sync: Sync,
  { records, links }: { records: readonly Mapped[]; links: ReadonlyMap<string, Link> },
): Omit<PageDecision, 'parked'> => {
  const writes: PlannedWrite[] = [];
  const unchanged: string[] = [];
  const deadLetters: DeadLetter[] = [];
  const taken = new Set<string>();
  const keyPath = sync.to.upsert?.key ?? '';
  // Of two records with one key, that which has the destination's record already keeps it.
  const rank = ({ sourceKey }: Mapped): number => (links.has(sourceKey) ? 0 : 1);
  const linkedFirst = links.size === 0 ? records : records.toSorted((left, right) => rank(left) - rank(right));
  for (const { sourceKey, source, model } of linkedFirst) {
    const encoded = guarded(() => sync.to.encode(model));
    if (!encoded.ok) {
      deadLetters.push(deadLetter({ sourceKey, source }, { stage: 'map', issues: encoded.issues }));
      continue;
    }
    const written = encoded.value;
    const key = keyText(readField(written, keyPath));
    if (key === undefined || taken.has(key)) {
      const reason = key === undefined ? keyIsEmpty : keyIsTaken;
      deadLetters.push(deadLetter({ sourceKey, source }, { stage: 'map', issues: [{ path: keyPath, reason }] }));
      continue;
    }
    taken.add(key);
    const mark = fingerprint(written);
    const link = links.get(sourceKey);
    if (link?.fingerprint === mark) unchanged.push(sourceKey);
    else writes.push({ sourceKey, source, written, fingerprint: mark, link });
  }
  return { writes, unchanged, deadLetters };
};

const keyIsEmpty = 'is empty, and the destination finds records by it';
const keyIsTaken = 'is the same as that of another record on this page';
