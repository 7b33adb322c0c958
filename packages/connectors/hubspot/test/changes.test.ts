import { expect, test } from 'vitest';
import { connect, drive, errorOf, noon, pagesOf, person, recordsOf, updatedAt } from './connection.ts';

const all = new Date(0);
const idsOf = (records: readonly { readonly id: string }[]) => records.map(({ id }) => id).toSorted();
const storedIds = (sandbox: Awaited<ReturnType<typeof connect>>['sandbox'], where: string) =>
  sandbox.database.raw
    .prepare(`SELECT CAST(id AS TEXT) AS id FROM objects WHERE type = 'contacts' AND ${where}`)
    .all()
    .map(({ id }) => String(id))
    .toSorted();

for (const tieOrder of ['ascending', 'descending'] as const) {
  for (const pageSize of [200, 7, 1]) {
    test(`changes are read once each by pages of ${pageSize}, equal stamps ${tieOrder}`, async () => {
      const seed = { number: 7, contacts: 60 };
      const { crm, sandbox, clock } = await connect({ sandbox: { seed, settings: { tieOrder } } });
      const since = new Date(Date.UTC(2026, 0, 1, 9));
      const records = await drive(clock, recordsOf(crm.contacts.list({ since, pageSize })));
      expect(idsOf(records)).toEqual(storedIds(sandbox, `updated_at >= ${since.getTime()}`));
      expect(sandbox.requests().every(({ status }) => status === 200)).toBe(true);
    });
  }
}

test('more records of one stamp than a search can page to are all read, and the list ends', async () => {
  const { crm, sandbox, clock } = await connect({ sandbox: { seed: { number: 7, contacts: 10_300 } } });
  updatedAt(sandbox, 'contacts', noon - 60_000);
  sandbox.database.raw.exec("UPDATE objects SET updated_at = updated_at + 1 WHERE type = 'contacts' AND id % 50 = 0");
  const records = await drive(clock, recordsOf(crm.contacts.list({ since: all })));
  expect(records).toHaveLength(10_300);
  expect(idsOf(records)).toEqual(storedIds(sandbox, 'true'));
  // One virtual clock for both: the connector kept to 5 searches a second by itself.
  expect(sandbox.requests().every(({ status }) => status === 200)).toBe(true);
}, 120_000);

test('a window is closed by its end', async () => {
  const { crm, sandbox, clock } = await connect({ sandbox: { seed: { number: 3, contacts: 50 } } });
  const [since, until] = [new Date(Date.UTC(2026, 0, 1, 5)), new Date(Date.UTC(2026, 0, 1, 20))];
  const records = await drive(clock, recordsOf(crm.contacts.list({ since, until, pageSize: 5 })));
  expect(idsOf(records)).toEqual(storedIds(sandbox, `updated_at BETWEEN ${since.getTime()} AND ${until.getTime()}`));
});

test('any page can be taken up again by its cursor', async () => {
  const { crm, sandbox, clock } = await connect({ sandbox: { seed: { number: 7, contacts: 60 } } });
  const window = { since: all, until: new Date(noon), pageSize: 4 };
  const pages = await drive(clock, pagesOf(crm.contacts.list(window)));
  const middle = Math.floor(pages.length / 2);
  const resumed = await drive(clock, recordsOf(crm.contacts.list({ ...window, cursor: pages[middle]?.next })));
  const before = pages.slice(0, middle + 1).flatMap(({ records }) => records);
  expect(idsOf([...before, ...resumed])).toEqual(storedIds(sandbox, 'true'));
});

test('a cursor that is none of a search is refused', async () => {
  const { crm } = await connect();
  expect(await errorOf(recordsOf(crm.contacts.list({ since: all, cursor: '1234' })))).toMatchObject({
    code: 'invalid-request',
  });
});

test('a record that changes between two pages hides no other', async () => {
  const { crm, sandbox, clock } = await connect({ sandbox: { seed: { number: 7, contacts: 40 } } });
  const seen: string[] = [];
  const read = async () => {
    for await (const { records } of crm.contacts.list({ since: all, until: new Date(noon), pageSize: 10 })) {
      seen.push(...records.map(({ id }) => id));
      // What was read already leaves the window: by offsets, the rest would move up and out of sight.
      sandbox.database.raw.exec(
        `UPDATE objects SET updated_at = ${noon + 1} WHERE type = 'contacts' AND id IN (${records.map(({ id }) => id).join()})`,
      );
    }
  };
  await drive(clock, read());
  expect(seen.toSorted()).toEqual(storedIds(sandbox, 'true'));
});

test('the index hides a fresh write, and the list without a window does not', async () => {
  const { crm, clock } = await connect({ sandbox: { settings: { searchLagMs: 20_000 } } });
  await crm.contacts.model.upsert([person('a@example.test')]);
  expect(await drive(clock, recordsOf(crm.contacts.list({ since: all })))).toEqual([]);
  expect(await drive(clock, recordsOf(crm.contacts.list()))).toHaveLength(1);
  await clock.advance(20_000);
  expect(await drive(clock, recordsOf(crm.contacts.list({ since: all })))).toHaveLength(1);
});

test('a longer lag begins the window earlier by what engines do not count on', async () => {
  const { crm, sandbox, clock } = await connect({
    settings: { searchLagMs: 90_000 },
    sandbox: { seed: { number: 1, contacts: 3 } },
  });
  updatedAt(sandbox, 'contacts', noon - 60_000);
  expect(await drive(clock, recordsOf(crm.contacts.list({ since: new Date(noon) })))).toHaveLength(3);
  expect(await drive(clock, recordsOf(crm.contacts.list({ since: new Date(noon + 1) })))).toEqual([]);
});

test('a search that gives a finished stamp again is reported instead of read for ever', async () => {
  const { crm, sandbox, clock } = await connect();
  const row = { id: '1', properties: { lastmodifieddate: new Date(noon).toISOString() }, createdAt: '', updatedAt: '' };
  const page = { total: 9, results: [row], paging: { next: { after: '1' } } };
  const last = { total: 1, results: [row] };
  sandbox.inject({ kind: 'status', status: 200, body: page, match: { path: '*/search' } });
  sandbox.inject({ kind: 'status', status: 200, body: last, match: { path: '*/search' }, nth: 2 });
  sandbox.inject({ kind: 'status', status: 200, body: page, match: { path: '*/search' }, nth: 3 });
  const read = drive(clock, recordsOf(crm.contacts.list({ since: new Date(noon), pageSize: 1 })));
  expect(await errorOf(read)).toMatchObject({ code: 'unexpected-content', operation: 'contacts.list' });
});

test('a search that ignores its order is reported instead of read for ever', async () => {
  const { crm, sandbox, clock } = await connect();
  const row = { id: '1', properties: { lastmodifieddate: '1999-01-01T00:00:00.000Z' }, createdAt: '', updatedAt: '' };
  const body = { total: 9, results: [row], paging: { next: { after: '1' } } };
  sandbox.inject({ kind: 'status', status: 200, body, match: { path: '*/search' }, count: 'always' });
  const read = drive(clock, recordsOf(crm.contacts.list({ since: new Date(noon), pageSize: 1 })));
  expect(await errorOf(read)).toMatchObject({ code: 'unexpected-content', operation: 'contacts.list' });
});
