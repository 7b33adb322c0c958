import { describe, expect, test } from 'vitest';
import { signPassport } from '../src/index.ts';
import { passportOf, resultText, soapCall } from './soap-call.ts';
import { manualClock, startedSandbox } from './started.ts';

const anySearch = '<messages:search><messages:searchRecord xsi:type="common:CustomerSearchBasic"/></messages:search>';
const refused = { element: 'invalidCredentialsFault', code: 'USER_ERROR', message: 'Invalid login attempt.' };

describe('vendors.md 6, token-based authentication', () => {
  test('the published vectors give the published signatures', () => {
    const first = signPassport({
      account: '1234567',
      consumerKey: '71cc02b731f05895561ef0862d71553a3ac99498a947c3b7beaf4a1e4a29f7c4',
      consumerSecret: '7278da58caf07f5c336301a601203d10a58e948efa280f0618e25fcee1ef2abd',
      token: '89e08d9767c5ac85b374415725567d05b54ecf0960ad2470894a52f741020d82',
      tokenSecret: '060cd9ab3ffbbe1e3d3918e90165ffd37ab12acc76b4691046e2d29c7d7674c2',
      nonce: '6obMKq0tmY8ylVOdEkA1',
      timestamp: '1439829974',
    });
    const second = signPassport({
      account: '123456',
      consumerKey: 'ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4',
      consumerSecret: 'd26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5',
      token: '2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc',
      tokenSecret: 'c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295',
      nonce: 'fjaLirsIcCGVZWzBX0pg',
      timestamp: '1508242306',
    });
    expect([first, second]).toEqual([
      'FCghIZqXNetuZY8ILWOFH0ucdfzQOmAuL+q+kF21zPs=',
      'tIcC5zyKUmycB5Ml/cNxOHDusw03Y5KPQiXVNUHHp4U=',
    ]);
  });

  test('a good passport is taken once: its replay is refused, after a fault too', async () => {
    const clock = manualClock(1_700_000_000_000);
    const sandbox = await startedSandbox({ clock });
    const passport = passportOf({}, clock.now());
    expect(await soapCall(sandbox, anySearch, { passport })).toMatchObject({ status: 200 });
    expect(await soapCall(sandbox, anySearch, { passport })).toMatchObject({ status: 500, fault: refused });
    const failing = passportOf({}, clock.now());
    expect(await soapCall(sandbox, '<messages:nothing/>', { passport: failing })).toMatchObject({ status: 500 });
    expect(await soapCall(sandbox, anySearch, { passport: failing })).toMatchObject({ fault: refused });
  });

  test.each([
    ['a wrong signature', { signature: 'AAAA' }],
    ['a timestamp six minutes old', { timestamp: 1_700_000_000 - 360 }],
    ['a timestamp six minutes ahead', { timestamp: 1_700_000_000 + 360 }],
    ['a nonce of five characters', { nonce: 'abcde' }],
    ['a nonce that is not alphanumeric', { nonce: 'abcdef-ghijkl' }],
    ['no passport', { passport: '' }],
  ])('%s is refused as a login', async (_, sent) => {
    const clock = manualClock(1_700_000_000_000);
    const sandbox = await startedSandbox({ clock });
    expect(await soapCall(sandbox, anySearch, { now: clock.now(), ...sent })).toMatchObject({
      status: 500,
      fault: refused,
    });
  });

  test('a passport beside an application id is ambiguous', async () => {
    const sandbox = await startedSandbox();
    const header =
      '<messages:applicationInfo><messages:applicationId>A</messages:applicationId></messages:applicationInfo>';
    expect(await soapCall(sandbox, anySearch, { header })).toMatchObject({
      fault: { element: 'invalidCredentialsFault', message: 'Ambiguous authentication' },
    });
  });

  test('an answer holds the numbers of an empty account', async () => {
    const sandbox = await startedSandbox();
    const answered = await soapCall(sandbox, anySearch);
    expect(['totalRecords', 'totalPages', 'pageIndex', 'pageSize'].map((name) => resultText(answered, name))).toEqual([
      '0',
      '0',
      '1',
      '1000',
    ]);
  });
});
