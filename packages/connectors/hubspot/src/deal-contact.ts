import { connectorError } from '@mortise/runtime';
import { z } from 'zod';
import { BatchError, parseAnswer, type Row } from './answers.ts';
import { batchErrorFacts } from './batch-error.ts';
import type { ObjectKind } from './object-kind.ts';
import type { HubSpotCall } from './vendor.ts';
import { apiVersion, vendorFacts } from './vendor-facts.ts';

const Associated = z.object({
  associations: z.object({ contacts: z.object({ results: z.array(z.object({ id: z.string() })) }) }),
});

const Targets = z.object({
  results: z.array(
    z.object({ from: z.object({ id: z.string() }), to: z.array(z.object({ toObjectId: z.coerce.string() })) }),
  ),
  errors: z.array(BatchError).optional(),
});

/** Path of the batch endpoints of associations from deals to contacts. */
export const dealContactPath = (below: string): string =>
  `crm/associations/${apiVersion}/deals/contacts/batch/${below}`;

/** The row with the contact's id where the connector's wire record has it. */
export const withContact = (row: Row, contactId: string | undefined): Row => ({
  ...row,
  associations: { contactId: contactId ?? null },
});

const isLower = (one: string, other: string): boolean =>
  one.length === other.length ? one < other : one.length < other.length;

/** Of several contacts the one of the lowest id: HubSpot's own order differs between its endpoints. */
export const chosenContact = (ids: readonly string[]): string | undefined =>
  ids.length === 0 ? undefined : ids.reduce((lowest, id) => (isLower(id, lowest) ? id : lowest));

/** Folds the associations that a GET answered into `associations.contactId`. */
export const foldContact = (kind: ObjectKind, row: Row): Row => {
  if (!kind.hasContact) return row;
  const found = Associated.safeParse(row);
  const contacts = found.success ? found.data.associations.contacts.results : [];
  return withContact(row, chosenContact(contacts.map(({ id }) => id)));
};

/** Contacts of each of the given deals. Deals without any are absent. */
export const contactsOfDeals = async (
  call: HubSpotCall,
  deals: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const found = new Map<string, readonly string[]>();
  const max = vendorFacts.limits.batchInputs;
  for (let start = 0; start < deals.length; start += max) {
    const inputs = deals.slice(start, start + max).map((id) => ({ id }));
    const path = dealContactPath('read');
    const answer = await call.transports.rest.send({ method: 'POST', path, body: { inputs }, effect: 'read' });
    const { results, errors = [] } = parseAnswer(Targets, answer.body);
    // A deal without contacts comes back as an error of this category, and is none.
    const failed = errors.find(({ category }) => category !== 'OBJECT_NOT_FOUND');
    if (failed !== undefined) {
      const { code, ...facts } = batchErrorFacts(failed);
      throw connectorError(code, 'HubSpot could not tell the contacts of a deal', facts);
    }
    for (const { from, to } of results) {
      found.set(
        from.id,
        to.map((target) => target.toObjectId),
      );
    }
  }
  return found;
};

/** Completes rows that came without associations: searches and batches never have any. */
export const completeContacts = async (
  call: HubSpotCall,
  { kind, rows }: { readonly kind: ObjectKind; readonly rows: readonly Row[] },
): Promise<readonly Row[]> => {
  if (!kind.hasContact || rows.length === 0) return rows;
  const contacts = await contactsOfDeals(
    call,
    rows.map((row) => row.id),
  );
  return rows.map((row) => withContact(row, chosenContact(contacts.get(row.id) ?? [])));
};
