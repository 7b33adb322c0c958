import { describe, expect, test } from 'vitest';
import { child, childrenOf, childText } from '../src/xml/tree.ts';
import { type SoapAnswered, soapCall, statusCode } from './soap-call.ts';
import { startedSandbox } from './started.ts';

const customer = (externalId: string, name: string) =>
  `<messages:record xsi:type="listRel:Customer" externalId="${externalId}"><listRel:companyName>${name}</listRel:companyName></messages:record>`;
const upsertList = (...records: string[]) => `<messages:upsertList>${records.join('')}</messages:upsertList>`;
const responses = (answered: SoapAnswered) => childrenOf(answered.result, 'writeResponse');
const baseRefs = (answered: SoapAnswered) => responses(answered).map((each) => child(each, 'baseRef')?.attributes);

describe('vendors.md 6, writes and mixed results', () => {
  test('an upsert by external id makes a record once and changes it after', async () => {
    const sandbox = await startedSandbox();
    const first = await soapCall(sandbox, upsertList(customer('e1', 'Ada &amp; Söhne'), customer('e2', '佐藤')));
    const again = await soapCall(sandbox, upsertList(customer('e1', 'Ada &#38; Co')));
    expect(baseRefs(first)).toEqual([
      { internalId: '1001', externalId: 'e1', type: 'customer' },
      { internalId: '1002', externalId: 'e2', type: 'customer' },
    ]);
    expect(baseRefs(again)).toEqual([{ internalId: '1001', externalId: 'e1', type: 'customer' }]);
    expect(sandbox.writes().map(({ kind, key }) => [kind, key])).toEqual([
      ['create', 'e1'],
      ['create', 'e2'],
      ['update', 'e1'],
    ]);
    expect(sandbox.state.database.statement('SELECT fields FROM records WHERE id = 1001').get()?.fields).toContain(
      '"companyName":"Ada & Co"',
    );
  });

  test('one bad record fails alone, in the list of an answer that succeeds', async () => {
    const sandbox = await startedSandbox();
    const answered = await soapCall(sandbox, upsertList(customer('a', 'A'), customer('b', ''), customer('c', 'C')));
    expect([answered.status, statusCode(answered.result)]).toEqual([200, '']);
    expect(responses(answered).map(statusCode)).toEqual(['', 'USER_ERROR', '']);
    expect(sandbox.writes().map(({ key }) => key)).toEqual(['a', 'c']);
  });

  test('afterSubmitFailed says failure of a record that is saved', async () => {
    const sandbox = await startedSandbox({ settings: { afterSubmitFailedFor: ['b'] } });
    const answered = await soapCall(sandbox, upsertList(customer('a', 'A'), customer('b', 'B')));
    const [, failed] = responses(answered);
    const detail = child(child(failed, 'status'), 'statusDetail');
    expect([child(failed, 'status')?.attributes.isSuccess, childText(detail, 'afterSubmitFailed')]).toEqual([
      'false',
      'true',
    ]);
    expect(sandbox.writes().map(({ key }) => key)).toEqual(['a', 'b']);
  });

  test.each([
    ['upsertList', 100],
    ['updateList', 100],
    ['addList', 200],
  ])('%s takes %d records, and one more is a fault that writes nothing', async (name, most) => {
    const sandbox = await startedSandbox();
    const records = Array.from({ length: most + 1 }, (_, index) => customer(`e${index}`, `N${index}`));
    const answered = await soapCall(sandbox, `<messages:${name}>${records.join('')}</messages:${name}>`);
    expect(answered).toMatchObject({ status: 500, fault: { element: 'exceededRecordCountFault' } });
    expect(sandbox.writes()).toEqual([]);
    const fits = await soapCall(sandbox, `<messages:${name}>${records.slice(1).join('')}</messages:${name}>`);
    expect(responses(fits)).toHaveLength(most);
  });

  test('add refuses a taken external id, update an unknown record, upsert an internal id', async () => {
    const sandbox = await startedSandbox();
    const one = (name: string, record: string) => `<messages:${name}>${record}</messages:${name}>`;
    const code = async (body: string) => statusCode((await soapCall(sandbox, body)).result);
    expect(await code(one('add', customer('e', 'E')))).toBe('');
    expect(await code(one('add', customer('e', 'F')))).toBe('DUP_RCRD');
    expect(await code(one('update', customer('x', 'X')))).toBe('RCRD_DSNT_EXIST');
    const both = customer('e', 'E').replace('externalId', 'internalId="1001" externalId');
    expect(await code(one('upsert', both))).toBe('USER_ERROR');
  });

  test('a field that the schema does not have is a fault of the whole request', async () => {
    const sandbox = await startedSandbox();
    const bad = customer('e', 'E').replaceAll('companyName', 'nothing');
    const answered = await soapCall(sandbox, upsertList(customer('a', 'A'), bad));
    expect(answered).toMatchObject({
      status: 500,
      fault: { element: '', message: expect.stringContaining('nothing') },
    });
    expect(sandbox.database.statement('SELECT count(*) AS n FROM records').get()?.n).toBe(0);
  });
});
