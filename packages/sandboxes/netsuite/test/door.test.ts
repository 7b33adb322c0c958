import { describe, expect, test } from 'vitest';
import { faultAnswer } from '../src/index.ts';
import { restCall } from './rest-call.ts';
import { customersWithin, searchPreferences, soapCall, statusCode } from './soap-call.ts';
import { startedSandbox } from './started.ts';

const anySearch = customersWithin('2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z');
const blocked = {
  element: 'exceededConcurrentRequestLimitFault',
  code: 'WS_REQUEST_BLOCKED',
  message: 'SuiteTalk concurrent request limit exceeded. Request blocked.',
};

describe('vendors.md 6, concurrency of the account', () => {
  test('five requests run at once over SOAP and REST together, the sixth is refused', async () => {
    const sandbox = await startedSandbox();
    sandbox.inject({ kind: 'latency', milliseconds: 1000, count: 'always' });
    const soap = () => soapCall(sandbox, anySearch);
    const rest = () => restCall(sandbox, '/services/rest/record/v1/customer');
    const answers = await Promise.all([soap(), soap(), soap(), rest(), rest(), soap(), rest()]);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(2);
    for (const answer of refused) {
      if ('fault' in answer) expect(answer.fault).toEqual(blocked);
      else expect(answer).toMatchObject({ status: 429, body: { status: 429, title: 'Too Many Requests' } });
    }
  });

  test('one after the other is no concurrency', async () => {
    const sandbox = await startedSandbox({ settings: { concurrentRequests: 1 } });
    const first = await soapCall(sandbox, anySearch);
    const second = await soapCall(sandbox, anySearch);
    expect([first.status, second.status]).toEqual([200, 200]);
  });

  test('the fault comes on demand, before the work is done', async () => {
    const sandbox = await startedSandbox();
    const { status, headers, text } = faultAnswer({ fault: 'exceededConcurrentRequestLimit', ...blocked });
    sandbox.inject({ kind: 'status', status, body: text, ...(headers === undefined ? {} : { headers }) });
    expect(await soapCall(sandbox, anySearch)).toMatchObject({ status: 500, fault: blocked });
    expect(await soapCall(sandbox, anySearch)).toMatchObject({ status: 200 });
  });
});

describe('vendors.md 6, faults with HTTP 500 and failures with HTTP 200', () => {
  test.each([
    ['a closed account', { closed: true }, 'invalidAccountFault', 'INVALID_ACCT'],
    ['an account that is away', { unavailable: true }, 'unexpectedErrorFault', 'ACCT_TEMP_UNAVAILABLE'],
    ['an ended version', { endedVersions: ['2025_2'] }, 'invalidVersionFault', 'INVALID_VERSION'],
    ['the end of SOAP', { soapEndsAt: 0 }, 'invalidVersionFault', 'INVALID_VERSION'],
    [
      'a missing permission',
      { grantedPermissions: ['salesOrder:view'] },
      'insufficientPermissionFault',
      'INSUFFICIENT_PERMISSION',
    ],
  ])('%s', async (_, settings, element, code) => {
    const sandbox = await startedSandbox({ settings });
    expect(await soapCall(sandbox, anySearch)).toMatchObject({ status: 500, fault: { element, code } });
  });

  test('another version is refused in its own namespace', async () => {
    const sandbox = await startedSandbox();
    const answered = await soapCall(sandbox, anySearch, { path: '/services/NetSuitePort_2019_1' });
    expect(answered.text).toContain('urn:faults_2019_1.platform.webservices.netsuite.com');
    expect(answered.fault?.element).toBe('invalidVersionFault');
  });

  test('a bad page size is a failed status', async () => {
    const sandbox = await startedSandbox();
    const answered = await soapCall(sandbox, anySearch, { header: searchPreferences(2) });
    expect([answered.status, statusCode(answered.result)]).toEqual([200, 'USER_ERROR']);
  });

  test.each([
    ['a cut document', '<messages:search><messages:searchRecord>'],
    ['an element of another namespace', '<core:search/>'],
    ['a search without a type', '<messages:search><messages:searchRecord/></messages:search>'],
    ['a search field that is not kept', anySearch.replaceAll('lastModifiedDate', 'nothing')],
  ])('%s is a fault without an element of its own', async (_, body) => {
    const sandbox = await startedSandbox();
    expect(await soapCall(sandbox, body)).toMatchObject({
      status: 500,
      fault: { element: '', message: expect.stringContaining('SAXException') },
    });
  });

  test('a DOCTYPE is not taken', async () => {
    const sandbox = await startedSandbox();
    const response = await fetch(`${sandbox.url}/services/NetSuitePort_2025_2`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    });
    expect([response.status, await response.text()]).toEqual([500, expect.stringContaining('DOCTYPE')]);
  });
});
