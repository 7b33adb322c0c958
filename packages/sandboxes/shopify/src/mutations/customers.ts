import { type Resolved, resolve } from '../graphql/objects.ts';
import { gid, idOf } from '../records/gid.ts';
import { find, findByName, nextId, put, remove, type StoredRecord } from '../records/table.ts';
import type { Writing } from '../state.ts';
import { announce } from '../webhooks/announce.ts';

interface CustomerInput {
  readonly id?: string | null;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly note?: string | null;
}

/** Arguments of `customerSet`. */
export interface CustomerSetArguments {
  readonly identifier?: { readonly id?: string | null; readonly email?: string | null } | null;
  readonly input: CustomerInput;
}

const emailForm = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

const refused = (code: string, message: string) => ({
  customer: null,
  userErrors: [{ code, field: ['input', 'email'], message }],
});

/** Creates a customer, or sets the one of this e-mail address or id. */
export const customerSet = (writing: Writing, { identifier, input }: CustomerSetArguments): Resolved => {
  const { database } = writing.state;
  const email = identifier?.email?.toLowerCase();
  const known = email === undefined ? byId(writing, identifier?.id) : findByName(database, 'Customer', email);
  return save(writing, { known, input: { ...input, email: input.email ?? email ?? null } });
};

/** Changes the given fields of a customer. */
export const customerUpdate = (writing: Writing, { input }: { readonly input: CustomerInput }): Resolved => {
  const known = byId(writing, input.id);
  if (known === undefined) {
    return { customer: null, userErrors: [{ field: ['id'], message: 'Customer does not exist' }] };
  }
  return save(writing, { known, input });
};

const byId = ({ state }: Writing, given: string | null | undefined): StoredRecord | undefined => {
  const id = idOf('Customer', given);
  return id === undefined ? undefined : find(state.database, 'Customer', id);
};

const empty = {
  firstName: null,
  lastName: null,
  phone: null,
  note: null,
  tags: [],
  state: 'DISABLED',
  numberOfOrders: '0',
  defaultAddress: null,
};

const save = (
  writing: Writing,
  { known, input }: { readonly known: StoredRecord | undefined; readonly input: CustomerInput },
): Resolved => {
  const { state, at, noteWrite } = writing;
  const { id: _, ...fields } = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const email = typeof fields.email === 'string' ? fields.email.toLowerCase() : known?.data.email;
  if (typeof email !== 'string' || !emailForm.test(email)) return refused('INVALID', 'Email is invalid');
  const other = findByName(state.database, 'Customer', email);
  if (other !== undefined && other.id !== known?.id) return refused('TAKEN', 'Email has already been taken');
  const record: StoredRecord = {
    type: 'Customer',
    id: known?.id ?? nextId(state.database, 'Customer'),
    createdAt: known?.createdAt ?? at,
    updatedAt: at,
    data: { ...empty, ...known?.data, ...fields, email },
  };
  put(state.database, record, { changedAt: at, lookup: { name: email } });
  noteWrite({ kind: known === undefined ? 'create' : 'update', type: 'customers', id: record.id, key: email });
  announce(writing, { topic: known === undefined ? 'CUSTOMERS_CREATE' : 'CUSTOMERS_UPDATE', record });
  return { customer: resolve(state, record), userErrors: [] };
};

/** Deletes a customer. */
export const customerDelete = (writing: Writing, { input }: { readonly input: { readonly id: string } }): Resolved => {
  const record = byId(writing, input.id);
  if (record === undefined) {
    return { deletedCustomerId: null, userErrors: [{ field: ['id'], message: "Customer can't be found" }] };
  }
  remove(writing.state.database, record, writing.at);
  writing.noteWrite({ kind: 'delete', type: 'customers', id: record.id });
  announce(writing, { topic: 'CUSTOMERS_DELETE', record });
  return { deletedCustomerId: gid('Customer', record.id), userErrors: [] };
};
