// The `soap` package judges ours: as the server that reads what we write, and as the client that reads what we answer.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import soapPackage from 'soap';
import { expect, onTestFinished, test } from 'vitest';
import { type Auth, sealSecret } from '../src/index.ts';
import { xmlText } from '../src/protocols/soap/encoding.ts';
import { type EnvelopeReading, writtenEnvelope } from '../src/protocols/soap/envelope.ts';
import { childOf, type SoapVersion, usernameToken, type XmlNode } from '../src/protocols/soap/index.ts';
import { defaultXmlLimits } from '../src/protocols/soap/limits.ts';
import { loadParser } from '../src/protocols/soap/peer.ts';
import { readDocument } from '../src/protocols/soap/reader.ts';
import { refusal } from './support/connection.ts';
import { serve } from './support/server.ts';
import { connectSoap } from './support/soap.ts';
import { awkwardItem, putItems, servedPutItems, serviceNamespace, serviceWsdl } from './support/soap-service.ts';

const styles = ['document', 'rpc'] as const;
const versions = ['1.1', '1.2'] as const;
const everyWay = styles.flatMap((style) => versions.map((version) => ({ style, version })));

type Way = (typeof everyWay)[number];

/** What the `soap` package's server got, as it understood it. */
interface Judged {
  readonly args: unknown[];
  readonly headers: unknown[];
}

/** The `soap` package as the server. It answers what it got, or what `answer` throws. */
const startJudge = async (
  { style, version }: Way,
  {
    answer = (args: unknown): unknown => args,
    authenticate,
  }: { answer?: (args: unknown) => unknown; authenticate?: (security: never) => boolean } = {},
) => {
  const judged: Judged = { args: [], headers: [] };
  const server = createServer((_request, response) => void response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  // A TCP server has an address and a port once it listens.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/shop`;
  const operation = (args: unknown, _callback: unknown, headers: unknown) => {
    judged.args.push(args);
    judged.headers.push(headers);
    return answer(args);
  };
  const listening = soapPackage.listen(server, {
    path: '/shop',
    services: { Shop: { ShopPort: { putItems: operation } } },
    xml: serviceWsdl(style, url),
    forceSoap12Headers: version === '1.2',
  });
  if (authenticate !== undefined) listening.authenticate = (security: unknown) => authenticate(security as never);
  return { url, judged };
};

/** Its client, and its server in rpc answers, do not escape attributes: our reader rightly refuses what comes of it. */
const itemFor = ({ style }: Way) => (style === 'rpc' ? { ...awkwardItem, id: 'a1' } : awkwardItem);

/** As the `soap` package sees the item: values typed by the WSDL, but for parts of rpc. */
const typedFor = (way: Way) => {
  const { id, note: _note, ...values } = itemFor(way);
  const typed = { ...values, count: 7, active: true };
  return { ...(way.style === 'rpc' ? values : typed), attributes: { id } };
};

/** Sends the awkward item and gives the body of the answer. */
const put = async (url: string, way: Way, options: { auth?: Auth<unknown>; soapHeader?: object } = {}) => {
  const { style, version } = way;
  const { auth, soapHeader = {} } = options;
  const { send } = connectSoap(url, { soap: { version }, limits: { attempts: 1 }, ...(auth && { auth }) });
  const header = { soapHeader: { ...soapHeader } };
  if (style === 'rpc')
    return (await send({ operation: putItems.rpc, body: { place: 'here', item: itemFor(way) }, ...header })).body;
  return (await send({ operation: putItems.document, body: { place: 'here', item: [awkwardItem] }, ...header })).body;
};

for (const way of everyWay) {
  const { style, version } = way;
  const plural = style === 'document';

  test(`its server reads our ${style} request in SOAP ${version}, and we read its answer`, async () => {
    const { url, judged } = await startJudge(way);
    const body = await put(url, way, { soapHeader: { [`{${serviceNamespace}}trace`]: 'x<y' } });
    // Its server leaves out what is xsi:nil.
    const { note: _note, ...rest } = itemFor(way);
    expect(judged.args).toEqual([{ place: 'here', item: plural ? [typedFor(way)] : typedFor(way) }]);
    expect(judged.headers).toEqual([{ trace: 'x<y' }]);
    expect(body).toEqual({ place: 'here', item: plural ? [rest] : rest });
  });

  test(`a fault of its server is one for us: ${style}, SOAP ${version}`, async () => {
    const fault11 = { faultcode: 'soap:Client', faultstring: 'no <such> place' };
    const fault12 = {
      Code: { Value: 'soap:Sender', Subcode: { Value: 'NoSuchPlace' } },
      Reason: { Text: 'no <such> place' },
    };
    const { url } = await startJudge(way, {
      answer: () => Promise.reject({ Fault: version === '1.1' ? fault11 : fault12 }),
    });
    expect(await refusal(put(url, way))).toMatchObject({
      code: 'invalid-request',
      vendorCode: version === '1.1' ? 'Client' : 'NoSuchPlace',
    });
  });

  test(`its client reads our ${style} answer in SOAP ${version}, and we read its request`, async () => {
    const served = await serveOurs(way);
    const client = await soapPackage.createClientAsync(`${served.url}?wsdl`, { forceSoap12Headers: version === '1.2' });
    const item = { ...typedFor(way), attributes: { id: 'a1' } };
    const [result] = await client.putItemsAsync({ place: 'there', item: plural ? [item, item] : item });
    const { note: _note, ...rest } = { ...awkwardItem, id: 'a1' };
    expect(served.bodies).toEqual([{ place: 'there', item: plural ? [rest, rest] : rest }]);
    expect(served.versions).toEqual([version]);
    expect(result).toEqual({ place: 'there', item: plural ? [item, item] : item });
  });

  test(`its client reads a fault as we read it: ${style}, SOAP ${version}`, async () => {
    const served = await serveOurs(way, { refuses: true });
    const client = await soapPackage.createClientAsync(`${served.url}?wsdl`, { forceSoap12Headers: version === '1.2' });
    const theirs: unknown = await client.putItemsAsync({ place: 'there' }).catch((error: unknown) => error);
    expect(String(theirs)).toContain('no such place');
    expect(await refusal(put(served.url, way))).toMatchObject({ code: 'invalid-request' });
  });
}

/** Our own reader and writer as a server, for its client. */
const serveOurs = async ({ style, version }: Way, { refuses = false } = {}) => {
  const bodies: unknown[] = [];
  const versionsSeen: SoapVersion[] = [];
  const headers: XmlNode[] = [];
  const operation = servedPutItems[style];
  const server = await serve((response, { method, body, headers: http }) => {
    const type = version === '1.1' ? 'text/xml' : 'application/soap+xml';
    response.writeHead(refuses && method === 'POST' ? 500 : 200, { 'content-type': `${type}; charset=utf-8` });
    if (method === 'GET') return void response.end(serviceWsdl(style, `${server.origin}/shop`));
    const text = xmlText(Buffer.from(body), http['content-type'] ?? '') ?? '';
    const reading = readDocument(text, {
      ...{ makeParser: loadParser(), limits: defaultXmlLimits, roots: operation.roots, title: 'a SOAP envelope' },
    });
    if (!reading.ok) return void response.end(reading.message);
    // The roots say what an envelope is.
    const { Header, Body } = reading.value as EnvelopeReading & { readonly Header?: XmlNode };
    versionsSeen.push(text.includes('http://www.w3.org/2003/05/soap-envelope') ? '1.2' : '1.1');
    if (Header !== undefined) headers.push(...Header.children);
    bodies.push(Body?.answer);
    const answer = {
      version,
      known: new Map<string, string>(),
      request: operation.request,
      body: Body?.answer,
      blocks: [],
    };
    response.end(refuses ? faultText(version) : writtenEnvelope(answer));
  });
  return { url: `${server.origin}/shop`, bodies, versions: versionsSeen, headers };
};

const faultText = (version: SoapVersion): string =>
  version === '1.1'
    ? '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>e:Client</faultcode><faultstring>no such place</faultstring></e:Fault></e:Body></e:Envelope>'
    : '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code><e:Reason><e:Text>no such place</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>';

const credentials = { username: 'shop', password: 'pass <&> word' };

/** UsernameToken as the `soap` package's server hands it to `authenticate`. */
interface TheirToken {
  readonly UsernameToken: {
    readonly Username: string;
    readonly Password: { readonly $value: string };
    readonly Nonce: { readonly $value: string };
    readonly Created: string;
  };
}

const textOf = (node: XmlNode | undefined, name: string): string => childOf(node, name)?.text ?? '';

for (const type of ['PasswordText', 'PasswordDigest'] as const) {
  test(`its server verifies the ${type} that we sign, and refuses a wrong one`, async () => {
    const way = { style: 'document', version: '1.1' } as const;
    const seen: TheirToken[] = [];
    const authenticate = (security: TheirToken): boolean => {
      seen.push(security);
      const { Username, Password, Nonce, Created } = security.UsernameToken;
      const expected =
        type === 'PasswordText'
          ? credentials.password
          : soapPackage.passwordDigest(Nonce.$value, Created, credentials.password);
      return Username === credentials.username && Password.$value === expected;
    };
    const { url, judged } = await startJudge(way, { authenticate });
    const auth = (password: string) => usernameToken({ username: 'shop', password: sealSecret(password), type });
    await put(url, way, { auth: auth(credentials.password) });
    expect(judged.args).toHaveLength(1);
    expect(seen).toHaveLength(1);
    expect(await refusal(put(url, way, { auth: auth('wrong') }))).toMatchObject({
      code: 'unauthenticated',
      vendorCode: expect.stringMatching(/AuthenticationFailure|Client/),
    });
    expect(judged.args).toHaveLength(1);
  });

  test(`we verify the ${type} that its client signs`, async () => {
    const served = await serveOurs({ style: 'document', version: '1.1' });
    const client = await soapPackage.createClientAsync(`${served.url}?wsdl`);
    client.setSecurity(
      new soapPackage.WSSecurity(credentials.username, credentials.password, { passwordType: type, hasNonce: true }),
    );
    await client.putItemsAsync({ place: 'there' });
    const token = childOf(served.headers[0], 'UsernameToken');
    const [nonce, created] = [textOf(token, 'Nonce'), textOf(token, 'Created')];
    expect(textOf(token, 'Username')).toBe(credentials.username);
    expect(textOf(token, 'Password')).toBe(
      type === 'PasswordText' ? credentials.password : soapPackage.passwordDigest(nonce, created, credentials.password),
    );
  });
}
