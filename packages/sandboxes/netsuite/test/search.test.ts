import { describe, expect, test } from 'vitest';
import { seedRecords } from '../src/index.ts';
import { child, childText } from '../src/xml/tree.ts';
import {
  customersWithin,
  moreWithId,
  recordsOf,
  resultText,
  searchPreferences,
  soapCall,
  statusCode,
} from './soap-call.ts';
import { manualClock, startedSandbox } from './started.ts';

const always = customersWithin('2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z');
const small = { number: 7, customers: 25, items: 4, orders: 3, deleted: 2 };
const ids = (answered: Awaited<ReturnType<typeof soapCall>>) =>
  recordsOf(answered).map((each) => each.attributes.internalId);

describe('vendors.md 6, search and searchMoreWithId', () => {
  test('the pages hold every record once, in the order of internal ids, those above 2^53 too', async () => {
    const sandbox = await startedSandbox({ seed: small, settings: { searchOrder: 'internalId' } });
    const header = searchPreferences(10);
    const first = await soapCall(sandbox, always, { header });
    const searchId = resultText(first, 'searchId');
    const more = await Promise.all([2, 3].map((page) => soapCall(sandbox, moreWithId(searchId, page), { header })));
    expect(['totalRecords', 'totalPages', 'pageSize', 'pageIndex'].map((name) => resultText(first, name))).toEqual([
      '25',
      '3',
      '10',
      '1',
    ]);
    const expected = seedRecords(small)
      .records.filter(({ type }) => type === 'customer')
      .map(({ id }) => id);
    expect([first, ...more].flatMap(ids)).toEqual(expected.toSorted((a, b) => Number(BigInt(a) - BigInt(b))));
    expect(expected.some((id) => BigInt(id) > 2n ** 53n)).toBe(true);
  });

  test('every page runs the search anew: a record edited out of the window moves the others up', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const header = searchPreferences(10);
    const past = customersWithin('2020-01-01T00:00:00Z', '2026-02-01T00:00:00Z');
    const first = await soapCall(sandbox, past, { header });
    const untouched = await soapCall(sandbox, moreWithId(resultText(first, 'searchId'), 2), { header });
    const edited = ids(first)[0];
    const edit = `<messages:update><messages:record xsi:type="listRel:Customer" internalId="${edited}"><listRel:phone>1</listRel:phone></messages:record></messages:update>`;
    expect(statusCode((await soapCall(sandbox, edit)).result)).toBe('');
    const moved = await soapCall(sandbox, moreWithId(resultText(first, 'searchId'), 2), { header });
    expect(ids(moved)[0]).toBe(ids(untouched)[1]);
    expect(resultText(moved, 'totalRecords')).toBe('24');
  });

  test('a searchId unused for 15 minutes is gone, one that is used lives on', async () => {
    const start = Date.UTC(2026, 5, 1);
    const clock = manualClock(start);
    const sandbox = await startedSandbox({ seed: small, clock });
    const searchId = resultText(await soapCall(sandbox, always, { now: start }), 'searchId');
    const at = async (minutes: number) => {
      clock.set(start + minutes * 60_000);
      return soapCall(sandbox, moreWithId(searchId, 1), { now: clock.now() });
    };
    expect(statusCode((await at(14)).result)).toBe('');
    expect(statusCode((await at(28)).result)).toBe('');
    expect(await at(44)).toMatchObject({ status: 200 });
    expect(statusCode((await at(44)).result)).toBe('INVALID_JOB_ID');
  });

  test('sublists come only when the caller does not ask for body fields only', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const [brief] = recordsOf(await soapCall(sandbox, always, { header: searchPreferences(5) }));
    const header = searchPreferences(25, { bodyFieldsOnly: false });
    const whole = recordsOf(await soapCall(sandbox, always, { header }));
    expect(child(brief, 'addressbookList')).toBeUndefined();
    expect(whole.some((record) => child(record, 'addressbookList') !== undefined)).toBe(true);
  });

  test('stamps carry milliseconds and an offset of their own', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const [record] = recordsOf(await soapCall(sandbox, always));
    expect(childText(record, 'lastModifiedDate')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000-08:00$/);
  });

  test('an advanced search with columns answers rows of those columns', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const body = `<messages:search><messages:searchRecord xsi:type="listRel:CustomerSearchAdvanced"><listRel:criteria><listRel:basic><common:internalIdNumber operator="greaterThan"><core:searchValue>1010</core:searchValue></common:internalIdNumber></listRel:basic></listRel:criteria><listRel:columns><listRel:basic><common:internalId/><common:entityId/></listRel:basic></listRel:columns></messages:searchRecord></messages:search>`;
    const answered = await soapCall(sandbox, body);
    const row = child(child(child(answered.result, 'searchRowList'), 'searchRow'), 'basic');
    expect(row?.children.map(({ name }) => name)).toEqual(['internalId', 'entityId']);
    expect(childText(child(row, 'entityId'), 'searchValue')).toMatch(/^C\d{6}$/);
  });

  test.each([
    ['a page of four', 4],
    ['a page of 1,001', 1001],
  ])('%s is refused in the status, not by a fault', async (_, size) => {
    const sandbox = await startedSandbox();
    const answered = await soapCall(sandbox, always, { header: searchPreferences(size) });
    expect([answered.status, statusCode(answered.result)]).toEqual([200, 'USER_ERROR']);
  });
});
