// What reading ahead and side by side are worth where the server takes its time.
import { changeStepMs, firstChange, pageRecords } from './pages.ts';
import { counted, type ReadAll } from './read-all.ts';

const openRows = async (url: string) => {
  const { defineVendor, open, secret } = await import('@mortise/runtime');
  const { bearer } = await import('@mortise/runtime/auth');
  const { rest } = await import('@mortise/runtime/rest');
  const { z } = await import('zod');
  const acme = defineVendor({
    id: 'acme',
    settings: z.strictObject({}),
    credentials: z.strictObject({ token: secret() }),
    transports: () => ({
      rest: rest({ baseUrl: url, quota: [{ name: 'default', requests: 10_000_000, perMs: 10_000 }] }),
    }),
    auth: ({ credentials }) => bearer(credentials.token),
  });
  const record = z.looseObject({ id: z.string(), properties: z.looseObject({ email: z.string() }) });
  const described = { record, key: 'id', changes: 'none' } as const;
  const page = { path: 'rows', items: 'results', key: 'id' } as const;
  const sink = { effect: 'idempotent', max: 100 } as const;
  const byCursor = acme.resource({
    ...described,
    list: rest.list({ ...page, next: 'paging.next.after', cursor: 'after' }),
    create: {
      ...sink,
      run: async (call, records) => {
        await call.transports.rest.send({ method: 'POST', path: 'sink', body: { records }, effect: 'idempotent' });
        return records.map((each) => ({ ok: true, record: each }));
      },
    },
  });
  const size = { parameter: 'take', records: 100 };
  const byOffset = acme.resource({
    ...described,
    list: rest.offset({ ...page, total: 'total', offset: 'skip', size, sideBySide: 16 }),
  });
  const byWindow = acme.resource({
    ...described,
    list: rest.windows({
      ...{ items: 'results', total: 'total', key: 'id', stamp: 'updatedAt', more: 'more', sideBySide: 16 },
      request: ({ position, until }) => {
        const body = { by: position.by, stamp: position.stamp, until: until?.getTime() };
        return { method: 'POST', path: 'search', body };
      },
    }),
  });
  const connector = acme.connector({ resources: { byCursor, byOffset, byWindow } });
  return open(connector, { credentials: { token: 'a token' }, events: () => undefined });
};

/** Reads by cursor two pages ahead, so that a slow answer holds nobody up, and writes each page to a server that takes as long. */
export const aheadByCursor = async (url: string): Promise<ReadAll> => {
  const { readAhead } = await import('@mortise/runtime');
  const { byCursor } = await openRows(url);
  return async () => {
    let records = 0;
    for await (const page of readAhead((signal) => byCursor.list({ signal }), { ahead: 2 }))
      records += (await byCursor.create(page.records)).length;
    return records;
  };
};

/** Reads by offset, sixteen pages at once. */
export const sideBySide = async (url: string): Promise<ReadAll> => {
  const { byOffset } = await openRows(url);
  return () => counted(byOffset.list());
};

/** A window in which changes are spread evenly. */
const window = { since: new Date(firstChange), until: new Date(firstChange + 100 * pageRecords * changeStepMs) };

/** Reads what was changed by search, sixteen windows at once. */
export const windowsAtOnce = async (url: string): Promise<ReadAll> => {
  const { byWindow } = await openRows(url);
  return () => counted(byWindow.list(window));
};

interface Rows {
  readonly results: readonly unknown[];
  readonly paging?: { readonly next: { readonly after: string } };
}

/** The loop that users write: a page, its records written, the next page. */
export const loopByCursor = async (url: string): Promise<ReadAll> => {
  const { default: axios } = await import('axios');
  const { Agent } = await import('node:http');
  const client = axios.create({ baseURL: url, httpAgent: new Agent({ keepAlive: true }) });
  return async () => {
    let records = 0;
    let after: string | undefined;
    do {
      const { data } = await client.get<Rows>('/rows', { params: { after } });
      await client.post('/sink', { records: data.results });
      records += data.results.length;
      after = data.paging?.next.after;
    } while (after !== undefined);
    return records;
  };
};

/** The same by offset, without writing. */
export const loopByOffset = async (url: string): Promise<ReadAll> => {
  const { default: axios } = await import('axios');
  const { Agent } = await import('node:http');
  const client = axios.create({ baseURL: url, httpAgent: new Agent({ keepAlive: true }) });
  return async () => {
    let records = 0;
    for (;;) {
      const { data } = await client.get<Rows>('/rows', { params: { skip: records, take: 100 } });
      if (data.results.length === 0) return records;
      records += data.results.length;
    }
  };
};

interface Changes {
  readonly results: readonly { readonly updatedAt: string }[];
  readonly more: boolean;
}

/** The loop by search: each one begins behind the last stamp. */
export const loopByWindow = async (url: string): Promise<ReadAll> => {
  const { default: axios } = await import('axios');
  const { Agent } = await import('node:http');
  const client = axios.create({ baseURL: url, httpAgent: new Agent({ keepAlive: true }) });
  const until = window.until.getTime();
  return async () => {
    let records = 0;
    let search = { by: 'gte', stamp: window.since.getTime(), until };
    for (;;) {
      const { data } = await client.post<Changes>('/search', search);
      records += data.results.length;
      const last = data.results.at(-1);
      if (last === undefined || !data.more) return records;
      search = { by: 'gt', stamp: Date.parse(last.updatedAt), until };
    }
  };
};
