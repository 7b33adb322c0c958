import { isRecord } from '@mortise/testing';

/** What a REST call answered. */
export type RestAnswered = { status: number; headers: Headers; body: Record<string, unknown> };

/** Calls a sandbox's REST services with its default bearer; a `body` makes it a POST unless `method` says otherwise. */
export async function restCall(
  sandbox: { url: string },
  path: string,
  {
    method,
    body,
    token = 'sandbox-token',
    prefer,
  }: { method?: string; body?: unknown; token?: string; prefer?: string } = {},
): Promise<RestAnswered> {
  const response = await fetch(sandbox.url + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(prefer === undefined ? {} : { prefer }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, body: isRecord(parsed) ? parsed : {} };
}

/** Runs a query of SuiteQL. */
export function suiteQl(sandbox: { url: string }, q: string, query = ''): Promise<RestAnswered> {
  return restCall(sandbox, `/services/rest/query/v1/suiteql${query}`, { body: { q }, prefer: 'transient' });
}

/** The rows of an answer. */
export function itemsOf({ body }: RestAnswered): Record<string, unknown>[] {
  return Array.isArray(body.items) ? body.items.filter(isRecord) : [];
}
