import { type ConnectorError, connectorError, type ItemOutcome, isConnectorError } from '@mortise/runtime';
import { z } from 'zod';
import { BatchError, parseAnswer, type Row } from './answers.ts';
import { batchErrorFacts } from './batch-error.ts';
import { chosenContact, contactsOfDeals, dealContactPath, withContact } from './deal-contact.ts';
import { type UpsertRequest, upsertObjects, type WrittenRecord } from './upsert.ts';
import type { HubSpotCall } from './vendor.ts';

/** A deal to write, with the contact that it belongs to. */
export interface WrittenDeal extends WrittenRecord {
  readonly associations?: { readonly contactId?: string | null | undefined } | null | undefined;
}

/** An association to make. */
interface Pair {
  readonly deal: string;
  readonly contact: string;
}

const AssociationBatch = z.object({ errors: z.array(BatchError).optional() });

/**
 * Upserts deals, then associates each with its contact where it is not yet. A deal whose association fails counts as
 * failed, so that it is written again: both steps find what they did before.
 */
export const upsertDeals = async (
  call: HubSpotCall,
  request: UpsertRequest<WrittenDeal>,
): Promise<readonly ItemOutcome<Row>[]> => {
  const outcomes = await upsertObjects(call, request);
  const { records: deals } = request;
  const written = outcomes.flatMap((outcome) => (outcome.ok ? [outcome] : []));
  // A new deal has no contacts yet.
  const known = written.filter(({ created }) => created !== true).map(({ record }) => record.id);
  const contacts = await contactsOfDeals(call, [...new Set(known)]);
  const wanted = outcomes.flatMap((outcome, index): Pair[] => {
    const contact = deals[index]?.associations?.contactId;
    return outcome.ok && contact ? [{ deal: outcome.record.id, contact }] : [];
  });
  const refused = await associate(
    call,
    wanted.filter(({ deal, contact }) => !contacts.get(deal)?.includes(contact)),
  );
  return outcomes.map((outcome, index): ItemOutcome<Row> => {
    if (!outcome.ok) return outcome;
    const error = refused.get(outcome.record.id);
    if (error !== undefined) return { ok: false, error };
    const added = deals[index]?.associations?.contactId;
    const all = [...(contacts.get(outcome.record.id) ?? []), ...(added ? [added] : [])];
    return { ...outcome, record: withContact(outcome.record, chosenContact(all)) };
  });
};

/** Makes associations; gives the errors by deal. A request that is refused as a whole is halved to find the culprit. */
const associate = async (call: HubSpotCall, pairs: readonly Pair[]): Promise<ReadonlyMap<string, ConnectorError>> => {
  if (pairs.length === 0) return new Map();
  try {
    return refusals(call, { pairs, errors: await send(call, pairs) });
  } catch (thrown) {
    if (!isConnectorError(thrown) || (thrown.code !== 'invalid-request' && thrown.code !== 'not-found')) throw thrown;
    if (pairs.length === 1) return new Map(pairs.map(({ deal }) => [deal, thrown]));
    const middle = Math.ceil(pairs.length / 2);
    const first = await associate(call, pairs.slice(0, middle));
    return new Map([...first, ...(await associate(call, pairs.slice(middle)))]);
  }
};

const send = async (call: HubSpotCall, pairs: readonly Pair[]): Promise<readonly BatchError[]> => {
  const inputs = pairs.map(({ deal, contact }) => ({ from: { id: deal }, to: { id: contact } }));
  const path = dealContactPath('associate/default');
  const answer = await call.transports.rest.send({ method: 'POST', path, body: { inputs }, effect: 'idempotent' });
  return parseAnswer(AssociationBatch, answer.body).errors ?? [];
};

/** An error that names no deal of the request stands for all of them. */
const refusals = (
  { connection }: HubSpotCall,
  { pairs, errors }: { pairs: readonly Pair[]; errors: readonly BatchError[] },
): ReadonlyMap<string, ConnectorError> => {
  const found = new Map<string, ConnectorError>();
  for (const error of errors) {
    const named = pairs.filter(({ deal }) => error.context?.fromObjectId?.includes(deal));
    const { code, ...facts } = batchErrorFacts(error);
    const context = { connector: 'hubspot', connection, operation: 'deals.upsert' };
    const failure = connectorError(code, 'HubSpot refused to associate the deal with its contact', {
      ...context,
      ...facts,
    });
    for (const { deal } of named.length > 0 ? named : pairs) found.set(deal, failure);
  }
  return found;
};
