import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Auth, describeError } from '../src/index.ts';
import { childOf, type SoapFault, type SoapVersion, soapOperation } from '../src/protocols/soap/index.ts';
import { refusal } from './support/connection.ts';
import { serve } from './support/server.ts';
import { connectSoap, envelope, envelopeNamespace, xml } from './support/soap.ts';

const operation = soapOperation({
  ...{ name: 'get', namespace: 'urn:shop', request: z.object({}), answer: z.object({}) },
  effect: 'read',
});

const detail = '<c:failure xmlns:c="urn:codes"><c:code>WS_REQUEST_BLOCKED</c:code><c:who>alice</c:who></c:failure>';

const fault11 = (code: string, { scope = '' } = {}): string =>
  `<s:Fault${scope}><faultcode>${code}</faultcode><faultstring>alice is not known</faultstring><detail>${detail}</detail></s:Fault>`;

const fault12 = (code: string, subcode = ''): string =>
  `<s:Fault><s:Code><s:Value>${code}</s:Value>${subcode}</s:Code><s:Reason><s:Text xml:lang="en">alice is not known</s:Text></s:Reason><s:Detail>${detail}</s:Detail></s:Fault>`;

const subcode12 =
  '<s:Subcode><s:Value xmlns:m="urn:m">m:Outer</s:Value><s:Subcode><s:Value>m:Inner</s:Value></s:Subcode></s:Subcode>';

/** What comes of a fault at a status. */
const answered = async (
  fault: string,
  {
    version = '1.1',
    status = 500,
    ...options
  }: Parameters<typeof connectSoap>[1] & { version?: SoapVersion; status?: number } = {},
) => {
  const server = await serve((response) => xml(response, envelope(fault, { version }), status));
  const connection = connectSoap(server.origin, { limits: { attempts: 1 }, ...options });
  return { error: await refusal(connection.send({ operation, body: {} })), server, ...connection };
};

test('the codes of both versions say whose fault it is, at any status that a SOAP server gives', async () => {
  const faults: [fault: string, version: SoapVersion, code: string, vendorCode: string][] = [
    [fault11('s:Client'), '1.1', 'invalid-request', 'Client'],
    [fault11('Client'), '1.1', 'invalid-request', 'Client'],
    [fault11('undeclared:Client.Field'), '1.1', 'invalid-request', 'Client.Field'],
    [fault11('s:VersionMismatch'), '1.1', 'invalid-request', 'VersionMismatch'],
    [fault11('s:MustUnderstand'), '1.1', 'invalid-request', 'MustUnderstand'],
    [fault11('s:Server'), '1.1', 'unavailable', 'Server'],
    [fault11('s:Server.userException'), '1.1', 'unavailable', 'Server.userException'],
    [fault12('s:Sender'), '1.2', 'invalid-request', 'Sender'],
    [fault12('s:Sender', subcode12), '1.2', 'invalid-request', 'Inner'],
    [fault12('s:Receiver'), '1.2', 'unavailable', 'Receiver'],
    [fault12('s:Receiver', subcode12), '1.2', 'unavailable', 'Inner'],
    [fault12('s:DataEncodingUnknown'), '1.2', 'invalid-request', 'DataEncodingUnknown'],
  ];
  for (const status of [200, 400, 500]) {
    for (const [fault, version, code, vendorCode] of faults) {
      const { error } = await answered(fault, { version, status });
      expect(error, `${status} ${fault}`).toMatchObject({ code, vendorCode, status });
      expect(error.message).toBe(`the vendor answered with a SOAP fault (${vendorCode})`);
    }
  }
});

test('nothing of the reason or the detail gets into the error', async () => {
  for (const [fault, version] of [
    [fault11('s:Client'), '1.1'],
    [fault12('s:Sender'), '1.2'],
    [fault11('alice is not known'), '1.1'],
  ] as const) {
    const { error, events } = await answered(fault, { version });
    expect(`${JSON.stringify(error)}${describeError(error)}${JSON.stringify(events)}`).not.toContain('alice');
  }
});

test('a code of the vendor’s own leaves open whether it acted', async () => {
  const own = ' xmlns:v="urn:vendor"';
  expect((await answered(fault11('v:Client', { scope: own }))).error).toMatchObject({
    code: 'unavailable',
    vendorCode: 'Client',
  });
  expect((await answered(fault11('4711'))).error).toMatchObject({ code: 'unavailable', vendorCode: '4711' });
  expect((await answered('<s:Fault/>')).error).toMatchObject({ code: 'unavailable' });
});

test('WS-Security’s codes are about the credentials, which are renewed once', async () => {
  const wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
  let number = 0;
  const auth: Auth<unknown> = {
    secrets: [],
    connect: () => {
      let headers = { 'x-session': 'old' };
      return {
        headers: () => headers,
        renew: async () => {
          headers = { 'x-session': `new${++number}` };
        },
      };
    },
  };
  const { error, server } = await answered(fault11('w:FailedAuthentication', { scope: ` xmlns:w="${wsse}"` }), {
    auth,
  });
  expect(error).toMatchObject({ code: 'unauthenticated', vendorCode: 'FailedAuthentication' });
  expect(server.requests.map(({ headers }) => headers['x-session'])).toEqual(['old', 'new1']);
});

test('a status that says more than "fault" goes before the code', async () => {
  for (const [status, code] of [
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [503, 'unavailable'],
  ] as const) {
    const { error } = await answered(fault11('s:Client'), { status });
    expect(error, String(status)).toMatchObject({ code, vendorCode: 'Client', status });
  }
  expect((await answered(fault11('s:Server'), { status: 429 })).error).toMatchObject({ code: 'rate-limited' });
});

test('the connector reads the detail and says what the fault means', async () => {
  const seen: SoapFault[] = [];
  const classify = (fault: SoapFault) => {
    seen.push(fault);
    const code = childOf(fault.detail[0], 'code')?.text;
    return code === 'WS_REQUEST_BLOCKED'
      ? ({ code: 'rate-limited', vendorCode: code, waitMs: 5_000 } as const)
      : undefined;
  };
  const { error, clock } = await answered(fault11('s:Server'), { soap: { classify }, limits: { attempts: 2 } });
  expect(error).toMatchObject({ code: 'rate-limited', vendorCode: 'WS_REQUEST_BLOCKED', attempts: 2 });
  expect(clock.waits[0]).toBeGreaterThanOrEqual(5_000);
  expect(seen[0]).toMatchObject({
    code: 'Server',
    codeNamespace: envelopeNamespace['1.1'],
    reason: 'alice is not known',
    status: 500,
  });
  await answered(fault12('s:Sender', subcode12), { version: '1.2', soap: { classify } });
  expect(seen.at(-1)).toMatchObject({ code: 'Sender', subcode: 'Inner', reason: 'alice is not known' });
  expect(seen.at(-1)?.detail).toMatchObject([{ name: 'failure', namespace: 'urn:codes' }]);
});

test('a write that the server failed in is open, and one that the client got wrong is not', async () => {
  const write = soapOperation({ ...operation.definition, effect: 'unsafe' });
  for (const [fault, code] of [
    [fault11('s:Server'), 'unknown-outcome'],
    [fault11('s:Client'), 'invalid-request'],
  ] as const) {
    const server = await serve((response) => xml(response, envelope(fault), 500));
    const error = await refusal(connectSoap(server.origin).send({ operation: write, body: {} }));
    expect(error).toMatchObject({ code, attempts: 1 });
    expect(server.requests).toHaveLength(1);
  }
});

test('a client fault that the connector calls a server’s is open again for a write', async () => {
  const write = soapOperation({ ...operation.definition, effect: 'unsafe' });
  const server = await serve((response) => xml(response, envelope(fault11('s:Client')), 500));
  const { send } = connectSoap(server.origin, { soap: { classify: () => ({ code: 'unavailable' }) } });
  expect(await refusal(send({ operation: write, body: {} }))).toMatchObject({ code: 'unknown-outcome', attempts: 1 });
});

test('a server fault is asked again for a read, with the wait that the server states', async () => {
  const server = await serve((response, _request, number) => {
    if (number > 0) return xml(response, envelope('<getResponse xmlns="urn:shop"/>'));
    response.writeHead(500, { 'content-type': 'text/xml', 'retry-after': '7' }).end(envelope(fault11('s:Server')));
  });
  const { send, clock } = connectSoap(server.origin);
  expect((await send({ operation, body: {} })).body).toEqual({});
  expect(clock.waits[0]).toBeGreaterThanOrEqual(7_000);
});

test('an error page in the place of a fault is judged by its status', async () => {
  const pages: [status: number, text: string, type: string, code: string][] = [
    [500, '<html><body>alice</body></html>', 'text/html', 'unavailable'],
    [502, 'Bad gateway', 'text/plain', 'unavailable'],
    [401, '<html/>', 'text/xml', 'unauthenticated'],
    [404, '', 'text/xml', 'not-found'],
    [500, envelope('<getResponse xmlns="urn:shop"/>'), 'text/xml', 'unavailable'],
  ];
  for (const [status, text, type, code] of pages) {
    const server = await serve((response) => xml(response, text, status, type));
    const error = await refusal(connectSoap(server.origin, { limits: { attempts: 1 } }).send({ operation, body: {} }));
    expect(error, `${status} ${type}`).toMatchObject({ code, status });
    expect(JSON.stringify(error)).not.toContain('alice');
  }
});

test('a fault answers a one-way operation too', async () => {
  const server = await serve((response) => xml(response, envelope(fault11('s:Client')), 200));
  const oneWay = soapOperation({ name: 'put', namespace: 'urn:shop', request: z.object({}), answer: z.undefined() });
  expect((await refusal(connectSoap(server.origin).send({ operation: oneWay, body: {} }))).code).toBe(
    'invalid-request',
  );
});
