import { isRecord } from '@mortise/testing';
import type { Resolver } from '../graphql/execution.ts';
import { gidOf, idOf } from '../records/gid.ts';
import { findByField, findRecord } from '../records/table.ts';
import { sourceOf } from '../records/wire.ts';
import { announce, change, create, remove } from '../shop/changes.ts';
import type { ShopifyState, StoredRecord } from '../types.ts';
import { given, type Refusal, refused } from './refusal.ts';

function found({ database }: ShopifyState, identifier: Record<string, unknown>): StoredRecord | undefined {
  const { email, phone, id } = identifier;
  if (typeof email === 'string') return findByField(database, 'Customer', { name: 'email', value: email });
  if (typeof phone === 'string') return findByField(database, 'Customer', { name: 'phone', value: phone });
  return findRecord(database, { type: 'Customer', id: idOf(id, 'Customer') });
}

function taken(
  state: ShopifyState,
  before: StoredRecord | undefined,
  input: Record<string, unknown>,
): Refusal | undefined {
  for (const name of ['email', 'phone'] as const) {
    const value = input[name];
    if (typeof value !== 'string') continue;
    const holder = findByField(state.database, 'Customer', { name, value });
    if (holder === undefined || holder.id === before?.id) continue;
    const word = name === 'email' ? 'Email' : 'Phone';
    return { field: ['input', name], code: 'TAKEN', message: `${word} has already been taken` };
  }
  return undefined;
}

function refusal(
  state: ShopifyState,
  before: StoredRecord | undefined,
  call: { identifier: Record<string, unknown>; input: Record<string, unknown> },
): Refusal | undefined {
  const { identifier, input } = call;
  if (before === undefined && identifier.id !== undefined) {
    return { field: ['identifier'], code: 'NOT_FOUND', message: 'Customer does not exist' };
  }
  for (const name of ['email', 'phone'] as const) {
    if (identifier[name] !== undefined && input[name] !== undefined && identifier[name] !== input[name]) {
      return { field: ['input', name], code: 'INPUT_MISMATCH', message: 'The input does not match the identifier' };
    }
  }
  if (typeof input.email === 'string' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(input.email)) {
    return { field: ['input', 'email'], code: 'INVALID', message: 'Email is invalid' };
  }
  return taken(state, before, input);
}

function addressOf(input: Record<string, unknown>): Record<string, unknown> | undefined {
  if (!Array.isArray(input.addresses)) return undefined;
  const first: unknown = input.addresses[0];
  if (!isRecord(first)) return { defaultAddress: null };
  const { countryCode, ...rest } = first;
  return { defaultAddress: { id: 'gid://shopify/MailingAddress/1', ...rest, countryCodeV2: countryCode ?? null } };
}

const emptyCustomer = {
  ...{ firstName: null, lastName: null, email: null, phone: null, note: null, tags: [] },
  ...{ state: 'DISABLED', numberOfOrders: '0', defaultAddress: null },
};

/** `customerSet`: creates or updates by id, email or phone. */
export const customerSet: Resolver = (_source, call, { context }) => {
  const { state } = context;
  const identifier = isRecord(call.identifier) ? call.identifier : {};
  const input = isRecord(call.input) ? call.input : {};
  const before = found(state, identifier);
  const bad = refusal(state, before, { identifier, input });
  if (bad !== undefined) return { customer: null, userErrors: [bad] };
  const { email, phone } = identifier;
  const fields = {
    ...given({ email, phone }, ['email', 'phone']),
    ...given(input, ['email', 'firstName', 'lastName', 'phone', 'note', 'tags']),
    ...addressOf(input),
  };
  const customer =
    before === undefined
      ? create(state, { type: 'Customer', body: { ...emptyCustomer, ...fields } })
      : change(state, before, { body: fields });
  announce(state, customer, { what: before === undefined ? 'CREATE' : 'UPDATE' });
  const key = typeof customer.body.email === 'string' ? { key: customer.body.email } : {};
  context.noteWrite({ kind: before === undefined ? 'create' : 'update', type: 'Customer', id: customer.id, ...key });
  return { customer: sourceOf(customer), userErrors: [] };
};

/** `customerDelete`: refused while the customer has orders. */
export const customerDelete: Resolver = (_source, { input }, { context }) => {
  const customer = isRecord(input) ? found(context.state, { id: input.id }) : undefined;
  if (customer === undefined)
    return { deletedCustomerId: null, userErrors: [refused(['id'], "Customer can't be found")] };
  const sql = "SELECT 1 FROM records WHERE type = 'Order' AND json_extract(body, '$.customerId') = ? LIMIT 1";
  if (context.database.statement(sql).get(customer.id) !== undefined) {
    return {
      deletedCustomerId: null,
      userErrors: [refused(['id'], "Customer can't be deleted because they have associated orders")],
    };
  }
  remove(context.state, customer);
  context.noteWrite({ kind: 'delete', type: 'Customer', id: customer.id });
  return { deletedCustomerId: gidOf(customer), userErrors: [] };
};
