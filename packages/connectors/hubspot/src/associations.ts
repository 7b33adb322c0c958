import { type ConnectorError, connectorError, isConnectorError } from '@mortise/runtime';
import { z } from 'zod';
import { BatchError, parseAnswer } from './answers.ts';
import { batchErrorFacts } from './batch-error.ts';
import type { ObjectType } from './object-kind.ts';
import type { HubSpotCall } from './vendor.ts';
import { apiVersion, vendorFacts } from './vendor-facts.ts';

/** Which kinds of object are associated, seen from one side. */
export interface Direction {
  readonly from: ObjectType;
  readonly to: ObjectType;
}

/** An association of two objects. */
export interface Pair {
  readonly fromId: string;
  readonly toId: string;
}

const Targets = z.object({
  results: z.array(
    z.object({
      from: z.object({ id: z.string() }),
      to: z.array(z.object({ toObjectId: z.coerce.string() })),
      paging: z.object({ next: z.object({ after: z.string() }).optional() }).optional(),
    }),
  ),
  errors: z.array(BatchError).optional(),
});

const AssociationBatch = z.object({ errors: z.array(BatchError).optional() });

/** Path of a batch endpoint of associations. */
export const associationPath = ({ from, to }: Direction, below: string): string =>
  `crm/associations/${apiVersion}/${from}/${to}/batch/${below}`;

/** An object whose associations are read, from this cursor on. */
interface Asked {
  readonly id: string;
  readonly after?: string;
}

/** Ids of the objects that each of the given is associated with, all of them. Those without any are absent. */
export const targetsOf = async (
  call: HubSpotCall,
  direction: Direction,
  { ids }: { readonly ids: readonly string[] },
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const found = new Map<string, readonly string[]>();
  let asked: readonly Asked[] = [...new Set(ids)].map((id) => ({ id }));
  while (asked.length > 0) {
    const max = vendorFacts.limits.batchInputs;
    const further: Asked[] = asked.slice(max);
    for (const { from, to, paging } of await readTargets(call, direction, { inputs: asked.slice(0, max) })) {
      found.set(from.id, [...(found.get(from.id) ?? []), ...to.map(({ toObjectId }) => toObjectId)]);
      const after = paging?.next?.after;
      if (after !== undefined && to.length > 0) further.push({ id: from.id, after });
    }
    asked = further;
  }
  return found;
};

const readTargets = async (
  call: HubSpotCall,
  direction: Direction,
  { inputs }: { readonly inputs: readonly Asked[] },
) => {
  const path = associationPath(direction, 'read');
  const answer = await call.transports.rest.send({ method: 'POST', path, body: { inputs }, effect: 'read' });
  const { results, errors = [] } = parseAnswer(Targets, answer.body);
  // An object without associations comes back as an error of this category, and is none.
  const failed = errors.find(({ category }) => category !== 'OBJECT_NOT_FOUND');
  if (failed === undefined) return results;
  const { code, ...facts } = batchErrorFacts(failed);
  throw connectorError(code, `HubSpot could not tell which ${direction.to} belong to ${direction.from}`, facts);
};

/** A write of associations: which, and the operation that errors name. */
export interface AssociationWrite extends Direction {
  readonly operation: string;
  readonly pairs: readonly Pair[];
}

/** Names a pair: ids are digits. */
export const pairKey = ({ fromId, toId }: Pair): string => `${fromId}:${toId}`;

/**
 * Associates objects as HubSpot does by default; gives the errors by pair. A request that is refused as a whole is
 * halved to find the culprit.
 */
export const associate = async (
  call: HubSpotCall,
  write: AssociationWrite,
): Promise<ReadonlyMap<string, ConnectorError>> => {
  const { pairs } = write;
  if (pairs.length === 0) return new Map();
  try {
    return refusals(call, write, { errors: await send(call, write) });
  } catch (thrown) {
    if (!isConnectorError(thrown) || (thrown.code !== 'invalid-request' && thrown.code !== 'not-found')) throw thrown;
    if (pairs.length === 1) return new Map(pairs.map((pair) => [pairKey(pair), thrown]));
    const middle = Math.ceil(pairs.length / 2);
    const first = await associate(call, { ...write, pairs: pairs.slice(0, middle) });
    return new Map([...first, ...(await associate(call, { ...write, pairs: pairs.slice(middle) }))]);
  }
};

const send = async (call: HubSpotCall, write: AssociationWrite): Promise<readonly BatchError[]> => {
  const inputs = write.pairs.map(({ fromId, toId }) => ({ from: { id: fromId }, to: { id: toId } }));
  const path = associationPath(write, 'associate/default');
  const answer = await call.transports.rest.send({ method: 'POST', path, body: { inputs }, effect: 'idempotent' });
  return parseAnswer(AssociationBatch, answer.body).errors ?? [];
};

/** An error that names no pair of the request stands for all of them. */
const refusals = (
  { connection }: HubSpotCall,
  { from, to, operation, pairs }: AssociationWrite,
  { errors }: { readonly errors: readonly BatchError[] },
): ReadonlyMap<string, ConnectorError> => {
  const found = new Map<string, ConnectorError>();
  for (const error of errors) {
    const { fromObjectId, toObjectId } = error.context ?? {};
    const named = pairs.filter(
      ({ fromId, toId }) => fromObjectId?.includes(fromId) && (toObjectId === undefined || toObjectId.includes(toId)),
    );
    const { code, ...facts } = batchErrorFacts(error);
    const context = { connector: 'hubspot', connection, operation };
    const failure = connectorError(code, `HubSpot refused to associate ${from} with ${to}`, { ...context, ...facts });
    for (const pair of named.length > 0 ? named : pairs) found.set(pairKey(pair), failure);
  }
  return found;
};
