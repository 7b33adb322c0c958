import { describe, expect, test } from 'vitest';
import { seedRecords } from '../src/index.ts';
import { itemsOf, restCall, suiteQl } from './rest-call.ts';
import { startedSandbox } from './started.ts';

const small = { number: 7, customers: 60, items: 20, orders: 10, deleted: 30 };
const seeded = seedRecords(small);
const of = (type: string) => seeded.records.filter((record) => record.type === type);
const utc = (column: string) => `TO_CHAR(SYS_EXTRACT_UTC(${column}), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
const at = (time: string) => `TO_TIMESTAMP('${time}', 'YYYY-MM-DD"T"HH24:MI:SS')`;
const iso = (milliseconds: number) => new Date(milliseconds).toISOString().replace('.000Z', 'Z');

describe('vendors.md 6, SuiteQL', () => {
  test('a window ordered by stamp and id holds every record of it, ids above 2^53 too', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const q = `SELECT id, ${utc('lastmodifieddate')} AS modified FROM customer WHERE SYS_EXTRACT_UTC(lastmodifieddate) >= ${at('2026-01-01T05:00:00')} AND SYS_EXTRACT_UTC(lastmodifieddate) <= ${at('2026-01-02T05:00:00')} ORDER BY lastmodifieddate, id`;
    const answer = await suiteQl(sandbox, q);
    const [from, to] = [Date.UTC(2026, 0, 1, 5), Date.UTC(2026, 0, 2, 5)];
    const expected = of('customer')
      .filter(({ modifiedAt }) => modifiedAt >= from && modifiedAt <= to)
      .toSorted((a, b) => a.modifiedAt - b.modifiedAt || Number(BigInt(a.id) - BigInt(b.id)))
      .map(({ id, modifiedAt }) => ({ links: [], id, modified: iso(modifiedAt) }));
    expect(itemsOf(answer)).toEqual(expected);
    expect(expected.some(({ id }) => BigInt(id) > 2n ** 53n)).toBe(true);
  });

  test('keyset conditions with OR lead on from a tie', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const stamp = 'SYS_EXTRACT_UTC(lastmodifieddate)';
    const read = async (where: string) =>
      itemsOf(
        await suiteQl(
          sandbox,
          `SELECT id, ${utc('lastmodifieddate')} AS modified FROM item WHERE itemtype = 'InvtPart'${where} ORDER BY lastmodifieddate, id`,
          '?limit=7',
        ),
      );
    const walked: unknown[] = [];
    let page = await read('');
    while (page.length > 0) {
      walked.push(...page.map(({ id }) => id));
      const last = page.at(-1);
      const time = at(String(last?.modified).slice(0, 19));
      page = await read(` AND (${stamp} > ${time} OR (${stamp} = ${time} AND id > ${last?.id}))`);
    }
    expect(walked.toSorted()).toEqual(
      of('inventoryItem')
        .map(({ id }) => id)
        .toSorted(),
    );
  });

  test('everything is text, booleans are T and F, and a field without a value is left out', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const q = 'SELECT id, externalid, itemid, isinactive, cost FROM item ORDER BY id';
    const rows = itemsOf(await suiteQl(sandbox, q));
    expect(rows.some((row) => !('externalid' in row))).toBe(true);
    expect(rows.every((row) => row.isinactive === 'T' || row.isinactive === 'F')).toBe(true);
    expect(
      rows.flatMap((row) => Object.values(row)).every((value) => typeof value === 'string' || Array.isArray(value)),
    ).toBe(true);
  });

  test('a date without TO_CHAR is its day alone, in the wall clock of the user', async () => {
    const sandbox = await startedSandbox({
      settings: { suiteQlOffsetHours: -8 },
      clock: { now: () => Date.UTC(2026, 2, 5, 3) },
    });
    await restCall(sandbox, '/services/rest/record/v1/customer', { body: { companyName: 'A' } });
    const q = `SELECT lastmodifieddate, TO_CHAR(lastmodifieddate, 'YYYY-MM-DD HH24:MI:SS') AS local FROM customer`;
    expect(itemsOf(await suiteQl(sandbox, q))).toEqual([
      { links: [], lastmodifieddate: '3/4/2026', local: '2026-03-04 19:00:00' },
    ]);
  });

  test('lines of orders have negative quantities and names of their items', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const orders = of('salesOrder')
      .slice(0, 3)
      .map(({ id }) => id);
    const q = `SELECT transaction, linesequencenumber, item, BUILTIN.DF(item) AS itemname, quantity, rate, memo FROM transactionline WHERE mainline = 'F' AND taxline = 'F' AND transaction IN (${orders.join(', ')}) ORDER BY transaction, linesequencenumber`;
    const rows = itemsOf(await suiteQl(sandbox, q));
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.every(({ quantity }) => Number(quantity) < 0)).toBe(true);
    expect(rows[0]?.itemname).toMatch(/^\d{6}$/);
  });

  test('prices of items are rows of pricing', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const rows = itemsOf(await suiteQl(sandbox, 'SELECT item, currency, unitprice FROM pricing ORDER BY item'));
    expect(rows).toHaveLength(20);
    expect(rows[0]).toMatchObject({ currency: '1', unitprice: expect.stringMatching(/^\d+\.\d+$/) });
  });

  test('stock by location is walked by item and location', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const columns =
      'item, BUILTIN.DF(item) AS itemname, location, BUILTIN.DF(location) AS locationname, quantityonhand';
    const q = `SELECT ${columns} FROM aggregateitemlocation WHERE (item > 1 OR (item = 1 AND location > 2)) ORDER BY item, location`;
    const answer = await suiteQl(sandbox, q);
    expect(answer.body.totalResults).toBe(seeded.stock.length);
    expect(new Set(itemsOf(answer).map(({ locationname }) => locationname))).toContain('東京倉庫');
  });

  test('deletions are rows of their own table', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const q = `SELECT recordid, ${utc('deleteddate')} AS deleteddate FROM deletedrecord WHERE type = 'InventoryItem' ORDER BY deleteddate, recordid`;
    const expected = seeded.deleted.filter(({ type }) => type === 'inventoryItem').map(({ id }) => id);
    expect(
      itemsOf(await suiteQl(sandbox, q))
        .map(({ recordid }) => recordid)
        .toSorted(),
    ).toEqual(expected.toSorted());
  });

  test('hasMore, counts and the next link tell the rest', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const page = (query: string) => suiteQl(sandbox, 'SELECT id FROM customer ORDER BY id', query);
    expect((await page('?limit=50&offset=0')).body).toMatchObject({ count: 50, hasMore: true, totalResults: 60 });
    expect((await page('?limit=50&offset=50')).body).toMatchObject({ count: 10, hasMore: false, offset: 50 });
  });

  test.each([
    ['an unknown column', 'SELECT nothing FROM customer'],
    ['an unknown table', 'SELECT id FROM records'],
    ['an unknown function', "SELECT load_extension('x') FROM customer"],
    ['a second statement', 'SELECT id FROM customer; DELETE FROM records'],
    ['words in a wrong place', 'SELECT id FROM customer WHERE AND'],
    ['a literal that misses its format', "SELECT id FROM customer WHERE lastmodifieddate > TO_DATE('x', 'YYYY')"],
  ])('%s is refused with 400', async (_, q) => {
    const sandbox = await startedSandbox({ seed: small });
    expect(await suiteQl(sandbox, q)).toMatchObject({
      status: 400,
      body: { 'o:errorDetails': [{ 'o:errorCode': 'INVALID_PARAMETER' }] },
    });
  });

  test('a text keeps its quotes, and Prefer: transient is needed', async () => {
    const sandbox = await startedSandbox();
    await restCall(sandbox, "/services/rest/record/v1/customer/eid:it's", {
      method: 'PUT',
      body: { companyName: 'A' },
    });
    expect(itemsOf(await suiteQl(sandbox, "SELECT externalid FROM customer WHERE externalid = 'it''s'"))).toHaveLength(
      1,
    );
    const bare = await restCall(sandbox, '/services/rest/query/v1/suiteql', { body: { q: 'SELECT id FROM customer' } });
    expect(bare.status).toBe(400);
  });
});
