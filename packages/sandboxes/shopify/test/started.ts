import { isRecord } from '@mortise/testing';
import { onTestFinished } from 'vitest';
import { type ShopifySandbox, type ShopifySandboxOptions, startShopifySandbox } from '../src/index.ts';

/** A small shop: enough for most tests. */
export const smallShop = { number: 7, products: 30, customers: 30, orders: 20 };

/** A sandbox that closes when its test ends. */
export async function startedSandbox(options: ShopifySandboxOptions = {}): Promise<ShopifySandbox> {
  const sandbox = await startShopifySandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** What a call answered. */
export type Answered = { status: number; headers: Headers; data: Row; errors: Row[]; cost: Row };
/** A JSON object. */
export type Row = Record<string, unknown>;

const record = (value: unknown): Row => (isRecord(value) ? value : {});

/** Reads a value by its dotted path. */
export function at(value: unknown, path: string): unknown {
  let read = value;
  for (const name of path.split('.')) read = Array.isArray(read) ? read[Number(name)] : record(read)[name];
  return read;
}

/** Rows at a dotted path. */
export function rowsAt(value: unknown, path: string): Row[] {
  const rows = at(value, path);
  return Array.isArray(rows) ? rows.filter(isRecord) : [];
}

/** Sends a document with the default token. */
export async function ask(
  sandbox: { url: string },
  query: string,
  {
    variables,
    token = 'sandbox-token',
    version = '2026-10',
    headers = {},
  }: { variables?: Row; token?: string; version?: string; headers?: Record<string, string> } = {},
): Promise<Answered> {
  const response = await fetch(`${sandbox.url}/admin/api/${version}/graphql.json`, {
    method: 'POST',
    headers: { 'x-shopify-access-token': token, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const body = record(await response.json());
  const errors = Array.isArray(body.errors) ? body.errors.filter(isRecord) : [];
  return {
    status: response.status,
    headers: response.headers,
    data: record(body.data),
    errors,
    cost: record(at(body, 'extensions.cost')),
  };
}

/** Codes of the errors of an answer. */
export const codes = ({ errors }: Answered): unknown[] => errors.map((error) => at(error, 'extensions.code'));

/** Calls the sandbox outside of GraphQL. */
export async function post(
  sandbox: { url: string },
  path: string,
  body: unknown,
): Promise<{ status: number; body: Row }> {
  const response = await fetch(sandbox.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : record(JSON.parse(text)) };
}
