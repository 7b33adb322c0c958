import { describe, expect, test } from 'vitest';
import { seedRecords } from '../src/index.ts';
import { child, childrenOf, childText } from '../src/xml/tree.ts';
import { restCall } from './rest-call.ts';
import { resultText, soapCall, statusCode } from './soap-call.ts';
import { manualClock, startedSandbox } from './started.ts';

const small = { number: 7, customers: 25, items: 8, orders: 3, deleted: 25 };
const seeded = seedRecords(small);

const deletedWithin = (from: string, to: string, page = 1, type = '') =>
  `<messages:getDeleted><messages:getDeletedFilter><core:deletedDate operator="within"><core:searchValue>${from}</core:searchValue><core:searchValue2>${to}</core:searchValue2></core:deletedDate>${type}</messages:getDeletedFilter><messages:pageIndex>${page}</messages:pageIndex></messages:getDeleted>`;
const reference = (attributes: string) => `<messages:baseRef xsi:type="core:RecordRef" type="customer" ${attributes}/>`;

describe('vendors.md 6, getDeleted', () => {
  test('the pages hold every deletion once, the oldest first', async () => {
    const sandbox = await startedSandbox({ seed: small, settings: { deletedPageSize: 10 } });
    const pages = await Promise.all(
      [1, 2, 3].map((page) => soapCall(sandbox, deletedWithin('2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z', page))),
    );
    const rows = pages.flatMap(({ result }) => childrenOf(child(result, 'deletedRecordList'), 'deletedRecord'));
    const ids = rows.map((row) => child(row, 'record')?.attributes.internalId);
    expect(pages.map((page) => resultText(page, 'totalPages'))).toEqual(['3', '3', '3']);
    expect(ids).toEqual(seeded.deleted.toSorted((a, b) => a.deletedAt - b.deletedAt).map(({ id }) => id));
  });

  test.each(['inventoryItem', '_inventoryItem'])('the type %s keeps the items alone', async (name) => {
    const sandbox = await startedSandbox({ seed: small });
    const type = `<core:type operator="anyOf"><core:searchValue>${name}</core:searchValue></core:type>`;
    const answered = await soapCall(sandbox, deletedWithin('2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z', 1, type));
    const expected = seeded.deleted.filter((gone) => gone.type === 'inventoryItem').length;
    expect(resultText(answered, 'totalRecords')).toBe(String(expected));
  });

  test('what delete takes away is told by getDeleted and read no more', async () => {
    const clock = manualClock(Date.UTC(2026, 5, 1, 12, 0, 0));
    const now = clock.now();
    const sandbox = await startedSandbox({ seed: small, clock });
    const id = seeded.records[0]?.id ?? '';
    await soapCall(sandbox, `<messages:delete>${reference(`internalId="${id}"`)}</messages:delete>`, { now });
    const answered = await soapCall(sandbox, deletedWithin('2026-06-01T12:00:00Z', '2026-06-01T12:00:00Z'), { now });
    const row = child(child(answered.result, 'deletedRecordList'), 'deletedRecord');
    expect(child(row, 'record')?.attributes).toMatchObject({ internalId: id, type: 'customer' });
    expect(childText(row, 'deletedDate')).toBe('2026-06-01T04:00:00.000-08:00');
    const read = await soapCall(sandbox, `<messages:get>${reference(`internalId="${id}"`)}</messages:get>`, { now });
    expect(statusCode(read.result)).toBe('RCRD_DSNT_EXIST');
    const again = `<messages:deleteList>${reference(`internalId="${id}"`)}</messages:deleteList>`;
    const gone = await soapCall(sandbox, again, { now });
    expect(statusCode(child(gone.result, 'writeResponse'))).toBe('RCRD_DSNT_EXIST');
  });
});

describe('vendors.md 6, get, getList and getItemAvailability', () => {
  test('getList answers in the order of the references, the unknown one by its own status', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const named = seeded.records.find(({ type, externalId }) => type === 'customer' && externalId !== null);
    const references = ['internalId="1"', `externalId="${named?.externalId}"`].map(reference).join('');
    const answered = await soapCall(sandbox, `<messages:getList>${references}</messages:getList>`);
    const responses = childrenOf(answered.result, 'readResponse');
    expect(responses.map(statusCode)).toEqual(['RCRD_DSNT_EXIST', '']);
    expect(child(responses[1], 'record')?.attributes.internalId).toBe(named?.id);
  });

  test('an item has a row for each of its locations, with the quantities of the seed', async () => {
    const sandbox = await startedSandbox({ seed: small });
    const items = seeded.records.filter(({ type }) => type === 'inventoryItem');
    const references = items.map(({ id }) => `<core:recordRef type="inventoryItem" internalId="${id}"/>`).join('');
    const body = `<messages:getItemAvailability><messages:itemAvailabilityFilter><core:item>${references}</core:item></messages:itemAvailabilityFilter></messages:getItemAvailability>`;
    const { result } = await soapCall(sandbox, body);
    const rows = childrenOf(child(result, 'itemAvailabilityList'), 'itemAvailability').map((row) => ({
      itemId: child(row, 'item')?.attributes.internalId,
      locationId: child(row, 'locationId')?.attributes.internalId,
      onHand: Number(childText(row, 'quantityOnHand')),
      committed: Number(childText(row, 'quantityCommitted')),
      available: Number(childText(row, 'quantityAvailable')),
    }));
    const expected = seeded.stock.map(({ itemId, locationId, onHand, committed, available }) => ({
      itemId,
      locationId,
      onHand,
      committed,
      available,
    }));
    expect(rows).toEqual(expected);
    expect(new Set(rows.map(({ locationId }) => locationId)).size).toBe(4);
  });

  test('stock that is set from outside is told with the time of the change', async () => {
    const clock = manualClock(Date.UTC(2026, 5, 1, 12, 0, 0));
    const sandbox = await startedSandbox({ seed: small, clock });
    const itemId = seeded.records.find(({ type }) => type === 'inventoryItem')?.id ?? '';
    const set = (change: object) =>
      restCall(sandbox, '/__sandbox/stock', { body: { itemId, locationId: '2', ...change } });
    expect((await set({ onHand: 9, committed: 2 })).status).toBe(204);
    expect((await set({ onHand: 9, locationId: '77' })).status).toBe(400);
    for (const onHand of [null, '', true, [7], 1e30]) expect((await set({ onHand })).status).toBe(400);
    const body = `<messages:getItemAvailability><messages:itemAvailabilityFilter><core:item><core:recordRef type="inventoryItem" internalId="${itemId}"/></core:item><core:lastQtyAvailableChange>2026-06-01T00:00:00Z</core:lastQtyAvailableChange></messages:itemAvailabilityFilter></messages:getItemAvailability>`;
    const { result } = await soapCall(sandbox, body, { now: clock.now() });
    const rows = childrenOf(child(result, 'itemAvailabilityList'), 'itemAvailability');
    const told = ['quantityOnHand', 'quantityAvailable', 'lastQtyAvailableChange'];
    expect(rows.map((row) => told.map((name) => childText(row, name)))).toEqual([
      ['9.0', '7.0', '2026-06-01T04:00:00.000-08:00'],
    ]);
  });

  test('the server tells its time in its own offset, and where the account lives', async () => {
    const clock = manualClock(Date.UTC(2026, 5, 1, 12, 0, 0));
    const sandbox = await startedSandbox({ clock, settings: { soapOffsetHours: 5.5 } });
    const time = await soapCall(sandbox, '<messages:getServerTime/>', { now: clock.now() });
    expect(resultText(time, 'serverTime')).toBe('2026-06-01T17:30:00.000+05:30');
    const discovered = await fetch(`${sandbox.url}/rest/datacenterurls?account=123456_SB1`);
    expect(await discovered.json()).toMatchObject({ webservicesDomain: sandbox.url });
    expect((await fetch(`${sandbox.url}/rest/datacenterurls?account=other`)).status).toBe(400);
  });
});
