import type { ConnectorError, ItemOutcome } from '@mortise/runtime';
import type { Row } from './answers.ts';
import { associate, type Pair, pairKey, targetsOf } from './associations.ts';
import { chosenTarget, type LinkedIds, withLinks } from './links.ts';
import type { Link } from './object-kind.ts';
import { type UpsertRequest, upsertObjects, type WrittenRecord } from './upsert.ts';
import type { HubSpotCall } from './vendor.ts';

/** A record to write, with the objects that it belongs to. */
export interface LinkedRecord extends WrittenRecord {
  readonly associations?: Readonly<Record<string, string | null | undefined>> | null | undefined;
}

/** What became of one link of the written records. */
interface WrittenLink {
  readonly field: string;
  readonly known: ReadonlyMap<string, readonly string[]>;
  readonly refused: ReadonlyMap<string, ConnectorError>;
}

/**
 * Upserts records, then associates each with the objects that it names where it is not yet. A record whose association
 * fails counts as failed, so that it is written again: both steps find what they did before.
 */
export const upsertLinked = async (
  call: HubSpotCall,
  request: UpsertRequest<LinkedRecord>,
): Promise<readonly ItemOutcome<Row>[]> => {
  const outcomes = await upsertObjects(call, request);
  const links: WrittenLink[] = [];
  for (const link of request.kind.links) links.push(await writeLink(call, { request, outcomes, link }));
  return outcomes.map((outcome, index) => linkedOutcome(outcome, { links, record: request.records[index] }));
};

interface LinkWrite {
  readonly request: UpsertRequest<LinkedRecord>;
  readonly outcomes: readonly ItemOutcome<Row>[];
  readonly link: Link;
}

const writeLink = async (call: HubSpotCall, { request, outcomes, link }: LinkWrite): Promise<WrittenLink> => {
  const { field, to } = link;
  const direction = { from: request.kind.type, to };
  const written = outcomes.flatMap((outcome) => (outcome.ok ? [outcome] : []));
  // A new object has no associations yet.
  const old = written.filter(({ created }) => created !== true).map(({ record }) => record.id);
  const known = await targetsOf(call, direction, { ids: old });
  const pairs = outcomes.flatMap((outcome, index): Pair[] => {
    const toId = request.records[index]?.associations?.[field];
    if (!outcome.ok || !toId || known.get(outcome.record.id)?.includes(toId)) return [];
    return [{ fromId: outcome.record.id, toId }];
  });
  const operation = `${request.operation}.upsert`;
  return { field, known, refused: await associate(call, { ...direction, operation, pairs }) };
};

const linkedOutcome = (
  outcome: ItemOutcome<Row>,
  { links, record }: { links: readonly WrittenLink[]; record: LinkedRecord | undefined },
): ItemOutcome<Row> => {
  if (!outcome.ok) return outcome;
  const { id } = outcome.record;
  const ids: Record<string, string | null> = {};
  for (const { field, known, refused } of links) {
    const toId = record?.associations?.[field];
    const error = toId ? refused.get(pairKey({ fromId: id, toId })) : undefined;
    if (error !== undefined) return { ok: false, error };
    ids[field] = chosenTarget([...(known.get(id) ?? []), ...(toId ? [toId] : [])]);
  }
  const linked: LinkedIds = ids;
  return { ...outcome, record: withLinks(outcome.record, linked) };
};
