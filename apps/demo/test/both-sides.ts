import { pause } from './demo-process.ts';

/** A row of the CRM as the sandbox lists it. */
export interface CrmRow {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
}

const asSandboxUser = { authorization: 'Bearer sandbox-token' };

/** Asks the sandbox, which counts our requests against the same limit as the demo's: a refused one is asked again. */
const ask = async (url: string): Promise<Response> => {
  for (;;) {
    const response = await fetch(url, { headers: asSandboxUser });
    if (response.status !== 429) return response;
    await response.body?.cancel();
    await pause(1_000);
  }
};

/** All rows of a type. */
export const crmRows = async (
  url: string,
  { type, properties }: { type: string; properties: string },
): Promise<readonly CrmRow[]> => {
  const rows: CrmRow[] = [];
  let after: string | undefined = '';
  while (after !== undefined) {
    const query = new URLSearchParams({ limit: '100', properties, ...(after !== '' && { after }) });
    const response = await ask(`${url}/crm/v3/objects/${type}?${query}`);
    const page: { results: CrmRow[]; paging?: { next?: { after: string } } } = await response.json();
    rows.push(...page.results);
    after = page.paging?.next?.after;
  }
  return rows;
};

/** Creates of one key that happened twice, as the sandbox's own log of writes has them. */
export const duplicateCreates = async (url: string): Promise<readonly unknown[]> => {
  const answer: { duplicateCreates: unknown[] } = await (await fetch(`${url}/__sandbox/writes`)).json();
  return answer.duplicateCreates;
};

/** Asks until the answer is there. Gives it, and the milliseconds that it took. */
export const untilSeen = async <Seen>(
  look: () => Promise<Seen | undefined>,
): Promise<{ seen: Seen; milliseconds: number }> => {
  const startedAt = performance.now();
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return { seen, milliseconds: performance.now() - startedAt };
    await pause(50);
  }
};

/** Sends to a shop's Admin API, logged in. */
export const shopAdmin = async (url: string) => {
  let token = '';
  const send = async <Data>(query: string, variables: object = {}): Promise<Data> => {
    const headers = { 'content-type': 'application/json', ...(token !== '' && { authorization: `Bearer ${token}` }) };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    token = response.headers.get('vendure-auth-token') ?? token;
    const { data, errors }: { data: Data; errors?: { message: string }[] } = await response.json();
    if (errors?.[0] !== undefined) throw new Error(errors[0].message);
    return data;
  };
  await send('mutation { login(username: "superadmin", password: "superadmin") { __typename } }');
  return { send };
};
