import { describe, expect, test } from 'vitest';
import { connect, noon, recordsOf } from './connection.ts';

const seed = { number: 3, customers: 3, items: 12, orders: 3, deleted: 0 };
const hour = 3_600_000;

/** A body without its prefixes, its namespaces' order and its indentation. */
const plain = (body = ''): string => body.replace(/<(\/?)\w+:/g, '<$1');

describe('SOAP', () => {
  test('a window is asked for by both of its ends and by ids, with lines only where there are any', async () => {
    const bodies: string[] = [];
    const { erp } = await connect({ seed, bodies });
    const window = { since: new Date(noon - hour), until: new Date(noon) };
    await recordsOf(erp.items.list(window));
    await recordsOf(erp.salesOrders.list(window));
    const [items, orders] = bodies.map(plain);
    expect(items).toContain(
      '<lastModifiedDate operator="within"><searchValue>2026-11-23T11:00:00.000Z</searchValue>' +
        '<searchValue2>2026-11-23T12:00:00.000Z</searchValue2></lastModifiedDate>',
    );
    expect(items).toContain('<internalIdNumber operator="greaterThanOrEqualTo"><searchValue>1</searchValue>');
    expect(items).toContain('<type operator="anyOf"><searchValue>_inventoryItem</searchValue></type>');
    expect(items).toContain('<bodyFieldsOnly>true</bodyFieldsOnly>');
    expect(items).toContain('<pageSize>1000</pageSize>');
    expect(items).toContain('urn:messages_2025_2.platform.webservices.netsuite.com');
    expect(orders).toContain('<bodyFieldsOnly>false</bodyFieldsOnly>');
  });

  test('no second page of a search is ever asked for', async () => {
    const bodies: string[] = [];
    const { erp } = await connect({ seed, bodies });
    expect(await recordsOf(erp.items.list({ pageSize: 5 }))).toHaveLength(12);
    expect(bodies.length).toBeGreaterThan(2);
    expect(bodies.some((body) => body.includes('searchMore'))).toBe(false);
  });

  test('an upsert names the record by its external id and no other, and empties what is null', async () => {
    const bodies: string[] = [];
    const { erp } = await connect({ seed, bodies });
    await erp.items.model.upsert([{ sku: '0 & 1', name: null, description: 'a <b>', active: true }]);
    const [written] = bodies.map(plain);
    expect(written).toMatch(/<record [^>]*externalId="0 &amp; 1"/);
    expect(written).not.toContain('internalId');
    expect(written).toContain('<nullFieldList><name>displayName</name></nullFieldList>');
    expect(written).toContain('<salesDescription>a &lt;b&gt;</salesDescription><itemId>0 &amp; 1</itemId>');
  });
});

describe('REST', () => {
  test('a token is asked for once, with a signed assertion that names certificate and scope', async () => {
    const bodies: string[] = [];
    const { erp } = await connect({ api: 'rest', seed, bodies });
    await recordsOf(erp.items.list());
    await recordsOf(erp.customers.list());
    const asked = bodies.filter((body) => body.includes('grant_type=client_credentials'));
    expect(asked).toHaveLength(1);
    const [header = '', claims = ''] = new URLSearchParams(asked[0]).get('client_assertion')?.split('.') ?? [];
    const parsed = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(parsed(header)).toEqual({ alg: 'PS256', typ: 'JWT', kid: 'sandbox-certificate' });
    expect(parsed(claims)).toMatchObject({ iss: 'sandbox-client', scope: ['rest_webservices'] });
  });

  test('a window is asked for in UTC, behind the last id', async () => {
    const bodies: string[] = [];
    const { erp } = await connect({ api: 'rest', seed, bodies });
    await recordsOf(erp.items.list({ since: new Date(0), until: new Date(noon), pageSize: 8 }));
    const queries = bodies.filter((body) => body.startsWith('{'));
    expect(queries).toHaveLength(2);
    const wanted = `TO_TIMESTAMP('2026-11-23T12:00:00', 'YYYY-MM-DD\\"T\\"HH24:MI:SS')`;
    expect(queries[0]).toContain(`SYS_EXTRACT_UTC(lastmodifieddate) <= ${wanted} ORDER BY id`);
    expect(queries[1]).toMatch(/AND id > \d+ ORDER BY id/);
  });
});

test('a list of stock that was begun over SOAP is gone on with over REST', async () => {
  const soap = await connect({ seed });
  const rest = await connect({ api: 'rest', seed });
  const all = await recordsOf(soap.erp.stockLevels.list());
  const pages = soap.erp.stockLevels.list({ pageSize: 5 })[Symbol.asyncIterator]();
  const first = await pages.next();
  await pages.return?.();
  const { records = [], next = '' } = first.done === true ? {} : first.value;
  const others = await recordsOf(rest.erp.stockLevels.list({ cursor: next }));
  expect(records.length).toBeGreaterThan(0);
  expect([...records, ...others].map(({ id }) => id).toSorted()).toEqual(all.map(({ id }) => id).toSorted());
});
