import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  attribute,
  content,
  element,
  inNamespace,
  qualifiedName,
  soapOperation,
  typeName,
  unparsed,
} from '../src/protocols/soap/index.ts';
import { refusal, thrownBy } from './support/connection.ts';
import { serve } from './support/server.ts';
import { connectSoap, envelope, xml } from './support/soap.ts';

const nothing = soapOperation({ name: 'ping', namespace: 'urn:shop', request: z.object({}), answer: z.undefined() });

/** An operation with a request of that schema, and no answer. */
const writing = <Request extends z.ZodType>(request: Request, rest: { style?: 'rpc'; action?: string } = {}) =>
  soapOperation({ name: 'put', namespace: 'urn:shop', request, answer: z.undefined(), ...rest });

/** Sends one request and gives what arrived: the XML, without the envelope's own start. */
const sent = async <Request extends z.ZodType>(
  request: Request,
  body: z.input<Request>,
  { style, ...options }: Parameters<typeof connectSoap>[1] & { style?: 'rpc' } = {},
): Promise<string> => {
  const server = await serve((response) => void response.writeHead(202).end());
  const operation = writing(request, style === undefined ? {} : { style });
  await connectSoap(`${server.origin}/soap`, options).send({ operation, body });
  return server.requests[0]?.body ?? '';
};

const bodyOf = (text: string): string | undefined => /<soap:Body>(.*)<\/soap:Body>/s.exec(text)?.[1];

/** What an operation with an answer of that schema makes of a body. */
const read = async <Answer extends z.ZodType>(answer: Answer, body: string) => {
  const server = await serve((response) => xml(response, envelope(body)));
  const operation = soapOperation({
    name: 'get',
    namespace: 'urn:shop',
    request: z.object({}),
    answer,
    effect: 'read',
  });
  return (await connectSoap(server.origin).send({ operation, body: {} })).body;
};

const answered = (inner: string): string =>
  `<getResponse xmlns="urn:shop" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${inner}</getResponse>`;

test('elements go out in the order of the schema, whatever the order of the object', async () => {
  const schema = z.object({ sku: z.string(), tags: z.array(z.string()), note: z.string().optional() });
  const text = await sent(schema, { note: 'last', tags: ['a', 'b'], sku: '00123' });
  expect(bodyOf(text)).toBe(
    '<n1:put><n1:sku>00123</n1:sku><n1:tags>a</n1:tags><n1:tags>b</n1:tags><n1:note>last</n1:note></n1:put>',
  );
});

test('numbers, bigints and booleans have one form, and null is xsi:nil', async () => {
  const schema = z.object({ n: z.number(), b: z.bigint(), t: z.boolean(), nil: z.string().nullable() });
  const text = await sent(schema, { n: 0.1, b: 9007199254740993n, t: true, nil: null });
  expect(bodyOf(text)).toBe(
    '<n1:put><n1:n>0.1</n1:n><n1:b>9007199254740993</n1:b><n1:t>true</n1:t><n1:nil xsi:nil="true"/></n1:put>',
  );
  expect(text).toContain('xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"');
});

test('attributes, text beside them, foreign namespaces, types and names are what the schema says', async () => {
  const schema = z.object({
    id: attribute(z.string()),
    price: z.object({ currency: attribute(z.string(), { name: 'cur' }), amount: content(z.string()) }),
    owner: inNamespace('urn:core', z.object({ type: typeName('urn:core', 'Person'), kind: qualifiedName() })),
    plain: element(z.string(), { name: 'Plain', namespace: '' }),
  });
  const body = {
    ...{ id: 'a"1', price: { currency: 'EUR', amount: '1.50' }, plain: 'x' },
    owner: { type: '{urn:core}Person', kind: '{urn:kinds}big' },
  } as const;
  const text = await sent(schema, body, { soap: { namespaces: { core: 'urn:core' } } });
  expect(bodyOf(text)).toBe(
    '<n1:put id="a&quot;1"><n1:price cur="EUR">1.50</n1:price>' +
      '<n1:owner xsi:type="core:Person"><core:kind>n2:big</core:kind></n1:owner><Plain>x</Plain></n1:put>',
  );
  expect(text).toContain('xmlns:core="urn:core"');
  expect(text).toContain('xmlns:n2="urn:kinds"');
});

test('the parts of an rpc request stand in no namespace', async () => {
  const text = await sent(z.object({ sku: z.string() }), { sku: '1' }, { style: 'rpc' });
  expect(bodyOf(text)).toBe('<n1:put><sku>1</sku></n1:put>');
});

test('the options of a union are told apart by their xsi:type, out and in', async () => {
  const Person = z.object({ type: typeName('urn:shop', 'Person'), name: z.string() });
  const Company = z.object({ type: typeName('urn:shop', 'Company'), vat: z.string() });
  const schema = z.object({ party: z.array(z.union([Person, Company])) });
  const parties = [
    { type: '{urn:shop}Company' as const, vat: '7' },
    { type: '{urn:shop}Person' as const, name: 'x' },
  ];
  expect(bodyOf(await sent(schema, { party: parties }))).toBe(
    '<n1:put><n1:party xsi:type="n1:Company"><n1:vat>7</n1:vat></n1:party>' +
      '<n1:party xsi:type="n1:Person"><n1:name>x</n1:name></n1:party></n1:put>',
  );
  const inner =
    '<party xmlns:q="urn:shop" xsi:type="q:Company"><vat>7</vat></party><party xsi:type="Person"><name>x</name></party>';
  expect(await read(schema, answered(inner))).toEqual({ party: parties });
  const unknown = await refusal(read(schema, answered('<party xsi:type="Robot"><name>x</name></party>')));
  expect(unknown.code).toBe('unexpected-content');
});

test('a type may hold itself, in a request and in an answer', async () => {
  const Node = z.object({
    name: z.string(),
    get child() {
      return z.array(Node);
    },
  });
  const tree = { name: 'a', child: [{ name: 'b', child: [{ name: 'c', child: [] }] }] };
  const text = bodyOf(await sent(Node, tree)) ?? '';
  expect(text).toContain('<n1:child><n1:name>b</n1:name><n1:child><n1:name>c</n1:name></n1:child></n1:child>');
  const inner = '<name>a</name><child><name>b</name><child><name>c</name></child></child>';
  expect(await read(Node, answered(inner))).toEqual(tree);
});

test('a body that does not fit is refused with its path before anything is sent', async () => {
  const server = await serve((response) => void response.writeHead(202).end());
  const { send } = connectSoap(server.origin);
  const schema = z.object({ line: z.array(z.object({ sku: z.string() })), count: z.number().optional() });
  const operation = writing(schema);
  const wrong: [body: unknown, path: string][] = [
    [{}, 'put.line'],
    [{ line: [{ sku: 'a' }, {}] }, 'put.line[1].sku'],
    [{ line: { sku: 'a' } }, 'put.line'],
    [{ line: [{ sku: 'a', colour: 'b' }] }, 'put.line[0]'],
    [{ line: [], count: Number.NaN }, 'put.count'],
    [{ line: [], count: 1e21 }, 'put.count'],
    [{ line: [{ sku: { a: 1 } }] }, 'put.line[0].sku'],
    [{ line: [{ sku: 'alice\u0000' }] }, 'put.line[0].sku'],
    ['alice', 'put'],
  ];
  for (const [body, path] of wrong) {
    // What a caller without types may give.
    const error = await refusal(send({ operation, body: body as z.input<typeof schema> }));
    expect(error, path).toMatchObject({ code: 'invalid-record', issues: [{ path }] });
    expect(JSON.stringify(error)).not.toContain('alice');
  }
  expect(server.requests).toHaveLength(0);
});

test('a value that holds itself is refused', async () => {
  const Node = z.object({
    get child() {
      return Node.optional();
    },
  });
  const value: { child?: object } = {};
  value.child = value;
  expect((await refusal(sent(Node, value))).code).toBe('invalid-record');
});

test('a definition that XML cannot carry out is refused when it is made', () => {
  const schemas: z.ZodType[] = [
    z.object({ 'a b': z.string() }),
    z.object({ '': z.string() }),
    z.object({ a: element(z.string(), { name: 'x:y' }) }),
    z.object({ a: z.record(z.string(), z.string()) }),
    z.object({ a: z.array(z.array(z.string())) }),
    z.object({ a: z.map(z.string(), z.string()) }),
    z.object({ a: attribute(z.object({ b: z.string() })) }),
    z.object({ a: attribute(z.array(z.string())) }),
    z.object({ a: z.union([z.object({ b: z.string() }), z.object({ c: z.string() })]) }),
  ];
  for (const request of schemas) expect(thrownBy(() => writing(request)).code).toBe('invalid-definition');
  const misnamed = () =>
    soapOperation({ name: 'a b', namespace: 'urn:x', request: z.object({}), answer: z.undefined() });
  expect(thrownBy(misnamed).code).toBe('invalid-definition');
  for (const namespaces of [
    ...[
      { soap: 'urn:x' },
      { xsi: 'urn:x' },
      { 'a b': 'urn:x' },
      { a: '' },
      { a: 'urn:\u0000' },
      { a: 'urn:x', b: 'urn:x' },
    ],
  ]) {
    expect(thrownBy(() => connectSoap('http://127.0.0.1:1/', { soap: { namespaces } })).code).toBe(
      'invalid-definition',
    );
  }
});

test('a limit that is none, or not a number, is refused: it would not be a limit', () => {
  for (const depth of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1.5]) {
    const made = () => connectSoap('http://127.0.0.1:1/', { soap: { limits: { depth } } });
    expect(thrownBy(made).code, String(depth)).toBe('invalid-definition');
  }
});

test('a prefix of the transport is never given out for another namespace', async () => {
  const namespaces = { n1: 'urn:a', n2: 'urn:b' };
  const schema = z.object({ a: element(z.string(), { namespace: 'urn:a' }) });
  const text = await sent(schema, { a: 'x' }, { soap: { namespaces } });
  expect(bodyOf(text)).toBe('<n3:put><n1:a>x</n1:a></n3:put>');
});

test('a check behind an annotation keeps it, and two places of one schema do not mix', async () => {
  const code = z.string();
  const schema = z.object({ a: attribute(code).min(1), b: code, c: attribute(code).optional() });
  expect(bodyOf(await sent(schema, { a: '1', b: '2', c: '3' }))).toBe('<n1:put a="1" c="3"><n1:b>2</n1:b></n1:put>');
});

test('the action goes where the version wants it', async () => {
  const server = await serve((response) => void response.writeHead(202).end());
  const operation = writing(z.object({}), { action: 'urn:shop#put' });
  for (const version of ['1.1', '1.2'] as const) {
    const { send } = connectSoap(server.origin, { soap: { version } });
    await send({ operation, body: {} });
    await send({ operation, body: {}, action: 'other' });
    await send({ operation: nothing, body: {} });
  }
  expect(server.requests.map(({ headers }) => [headers['content-type'], headers.soapaction])).toEqual([
    ['text/xml; charset=utf-8', '"urn:shop#put"'],
    ['text/xml; charset=utf-8', '"other"'],
    ['text/xml; charset=utf-8', '""'],
    ['application/soap+xml; charset=utf-8; action="urn:shop#put"', undefined],
    ['application/soap+xml; charset=utf-8; action="other"', undefined],
    ['application/soap+xml; charset=utf-8', undefined],
  ]);
  expect(server.requests[3]?.body).toContain('xmlns:soap="http://www.w3.org/2003/05/soap-envelope"');
  const injected = connectSoap(server.origin).send({ operation, body: {}, action: 'a"; b="c' });
  expect((await refusal(injected)).code).toBe('invalid-definition');
});

test('header blocks of the transport, of the auth and of the request go out in this order', async () => {
  const server = await serve((response) => void response.writeHead(202).end());
  let number = 0;
  const { send } = connectSoap(server.origin, {
    soap: { namespaces: { m: 'urn:messages' }, soapHeader: { 'm:preferences': { strict: true } } },
    auth: {
      secrets: [],
      connect: () => ({
        headers: () => ({}),
        soapHeader: () => ({
          '{urn:auth}passport': { account: 'x', signature: { '@algorithm': 'a&b', '#text': `s${++number}` } },
        }),
      }),
    },
  });
  await send({ operation: nothing, body: {}, soapHeader: { 'm:trace': ['1', null], 'm:none': undefined } });
  expect(/<soap:Header>(.*)<\/soap:Header>/.exec(server.requests[0]?.body ?? '')?.[1]).toBe(
    '<m:preferences><m:strict>true</m:strict></m:preferences>' +
      '<n1:passport><n1:account>x</n1:account><n1:signature algorithm="a&amp;b">s1</n1:signature></n1:passport>' +
      '<m:trace>1</m:trace><m:trace xsi:nil="true"/>',
  );
});

test('a header block without a namespace, or with a name that is none, is refused', async () => {
  const { send } = connectSoap('http://127.0.0.1:1/', { limits: { attempts: 1 } });
  for (const name of ['bare', 'x:unknown', '{urn:x}a b', 'a b', '{urn:x}a><b', '']) {
    const error = await refusal(send({ operation: nothing, body: {}, soapHeader: { [name]: '1' } }));
    expect(error.code, name).toBe('invalid-definition');
  }
  const inside = { '{urn:x}a': { '@b c': '1' } };
  expect((await refusal(send({ operation: nothing, body: {}, soapHeader: inside }))).code).toBe('invalid-definition');
});

test('a body and header blocks that are functions are made anew for each attempt', async () => {
  const server = await serve((response, _request, number) => void response.writeHead(number === 0 ? 503 : 202).end());
  const operation = writing(z.object({ nonce: z.string() }));
  let nonce = 0;
  const body = () => ({ nonce: `n${++nonce}` });
  const soapHeader = () => ({ '{urn:x}nonce': `h${nonce}` });
  await connectSoap(server.origin).send({ operation, body, soapHeader, effect: 'idempotent' });
  expect(server.requests.map(({ body: text }) => /n\d<.*|h\d/.exec(text)?.[0].slice(0, 2))).toEqual(['h1', 'h2']);
  expect(server.requests.map(({ body: text }) => /nonce>(n\d)</.exec(text)?.[1])).toEqual(['n1', 'n2']);
});

test('elements are known by their namespace, whatever their prefix', async () => {
  const schema = z.object({ sku: z.string(), core: inNamespace('urn:core', z.object({ id: z.string() })) });
  const same =
    '<z:getResponse xmlns:z="urn:shop"><z:sku>1</z:sku><z:core><id xmlns="urn:core">2</id></z:core></z:getResponse>';
  expect(await read(schema, same)).toEqual({ sku: '1', core: { id: '2' } });
  const foreign = '<z:getResponse xmlns:z="urn:shop"><sku xmlns="urn:other">1</sku><z:core/></z:getResponse>';
  expect((await refusal(read(schema, foreign))).message).toContain("'sku'");
  const otherRoot = await refusal(read(schema, '<getResponse xmlns="urn:other"/>'));
  expect(otherRoot).toMatchObject({ code: 'unexpected-content' });
});

test('xsi:nil is null, an empty element is an empty text, an absent one is absent', async () => {
  const schema = z.object({
    ...{ nil: z.string().nullable(), empty: z.string(), absent: z.string().optional() },
    ...{ none: z.array(z.string()), gone: z.array(z.string()).optional() },
  });
  const value = await read(schema, answered('<nil xsi:nil="true"/><empty/>'));
  expect(value).toEqual({ nil: null, empty: '', none: [] });
});

test('attributes and the text beside them are read, and an attribute is not taken for an element', async () => {
  const schema = z.object({ price: z.object({ currency: attribute(z.string()), amount: content(z.string()) }) });
  expect(await read(schema, answered('<price currency="EUR">1.50</price>'))).toEqual({
    price: { currency: 'EUR', amount: '1.50' },
  });
  const other = answered('<price><currency>EUR</currency>1.50</price>');
  expect((await refusal(read(schema, other))).message).toContain('price.currency');
});

test('a second element where the schema knows one, or an element in a text, is refused and never dropped', async () => {
  const schema = z.object({ name: z.string() });
  for (const inner of [
    '<name>alice</name><name>bob</name>',
    '<name>alice<b/>bob</name>',
    '<name>a<b>alice</b></name>',
  ]) {
    const error = await refusal(read(schema, answered(inner)));
    expect(error, inner).toMatchObject({ code: 'unexpected-content' });
    expect(JSON.stringify(error)).not.toContain('alice');
  }
});

test('what no schema knows is dropped, refused by a strict one, and kept by a loose one', async () => {
  const inner = answered('<sku>1</sku><new id="7">x</new><new>y</new>');
  expect(await read(z.object({ sku: z.string() }), inner)).toEqual({ sku: '1' });
  expect((await refusal(read(z.strictObject({ sku: z.string() }), inner))).code).toBe('unexpected-content');
  const attributed = answered('<item other="1"/>');
  expect((await refusal(read(z.object({ item: z.strictObject({}) }), attributed))).code).toBe('unexpected-content');
  const mixed = answered('<item>text</item>');
  expect((await refusal(read(z.object({ item: z.strictObject({}) }), mixed))).code).toBe('unexpected-content');
  expect(await read(z.looseObject({ sku: z.string() }), inner)).toMatchObject({
    sku: '1',
    new: [
      { name: 'new', namespace: 'urn:shop', attributes: new Map([['id', '7']]), text: 'x' },
      { name: 'new', text: 'y' },
    ],
  });
});

test('a namesake from another namespace does not take the place of a field', async () => {
  const inner = answered('<sku>1</sku><sku xmlns="urn:other">2</sku><sku xmlns="">3</sku>');
  expect(await read(z.object({ sku: z.string() }), inner)).toEqual({ sku: '1' });
  expect((await refusal(read(z.strictObject({ sku: z.string() }), inner))).code).toBe('unexpected-content');
  expect(await read(z.looseObject({ sku: z.string() }), inner)).toMatchObject({
    ...{ sku: '1', '{urn:other}sku': [{ text: '2' }], '{}sku': [{ text: '3' }] },
  });
});

test('xml:lang is written under its own prefix, and read', async () => {
  const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';
  const schema = z.object({ lang: attribute(z.string(), { namespace: xmlNamespace }) });
  expect(bodyOf(await sent(schema, { lang: 'de' }))).toBe('<n1:put xml:lang="de"/>');
  expect(await read(schema, '<getResponse xmlns="urn:shop" xml:lang="de"/>')).toEqual({ lang: 'de' });
});

test('a namespace that no document can hold is refused', async () => {
  for (const namespace of ['urn:\u0000', 'http://www.w3.org/2000/xmlns/']) {
    const schema = z.object({ a: element(z.string(), { namespace }) });
    expect((await refusal(sent(schema, { a: '1' }))).code).toBe('invalid-definition');
  }
});

test('unparsed records are read by their schema and left for the resource to check', async () => {
  const Item = z.object({ sku: z.string().min(3), size: z.array(z.string()), count: z.string().transform(Number) });
  const value = await read(
    z.object({ item: z.array(unparsed(Item)), total: z.string().transform(Number) }),
    answered('<item><sku>1</sku><size>s</size><count>7</count></item><item/><total>2</total>'),
  );
  expect(value).toEqual({ item: [{ sku: '1', size: ['s'], count: '7' }, { size: [] }], total: 2 });
});

test('a schema converts, and only it', async () => {
  const schema = z.object({
    ...{ count: z.string().transform(Number), active: z.stringbool(), raw: z.string() },
    note: z.string().default('none'),
  });
  const value = await read(schema, answered('<count>007</count><active>1</active><raw> 1e5 </raw>'));
  expect(value).toEqual({ count: 7, active: true, raw: ' 1e5 ', note: 'none' });
});

test('the blocks of an answer header come along as trees', async () => {
  const header = '<s:Header><t:session xmlns:t="urn:t" t:kind="a"><t:id>7</t:id></t:session></s:Header>';
  const server = await serve((response) => xml(response, envelope(answered(''), { header })));
  const operation = soapOperation({ name: 'get', namespace: 'urn:shop', request: z.object({}), answer: z.object({}) });
  const answer = await connectSoap(server.origin).send({ operation, body: {} });
  expect(answer.header).toMatchObject([
    {
      name: 'session',
      namespace: 'urn:t',
      attributes: new Map([['{urn:t}kind', 'a']]),
      children: [{ name: 'id', text: '7' }],
    },
  ]);
});

test('an answer in the other version of SOAP is understood', async () => {
  const server = await serve((response) => xml(response, envelope(answered('<a>1</a>'), { version: '1.2' })));
  const answer = z.object({ a: z.string() });
  const operation = soapOperation({ name: 'get', namespace: 'urn:shop', request: z.object({}), answer });
  expect((await connectSoap(server.origin).send({ operation, body: {} })).body).toEqual({ a: '1' });
});

test('an empty answer is one only to a one-way operation', async () => {
  const server = await serve((response) => void response.writeHead(200).end());
  const { send } = connectSoap(server.origin, { limits: { attempts: 1 } });
  expect((await send({ operation: nothing, body: {} })).body).toBeUndefined();
  const operation = soapOperation({
    ...{ name: 'get', namespace: 'urn:shop', request: z.object({}), answer: z.object({}) },
    effect: 'read',
  });
  expect((await refusal(send({ operation, body: {} }))).code).toBe('empty-answer');
  const hollow = await serve((response) => xml(response, envelope('')));
  const error = await refusal(connectSoap(hollow.origin).send({ operation, body: {} }));
  expect(error).toMatchObject({ code: 'unexpected-content', status: 200 });
});

test('a connector finds the failure in an answer that is no fault', async () => {
  const server = await serve((response) => xml(response, envelope(answered('<ok>false</ok><code>BUSY</code>'))));
  const operation = soapOperation({
    ...{ name: 'get', namespace: 'urn:shop', request: z.object({}), effect: 'read' },
    answer: z.object({ ok: z.stringbool(), code: z.string() }),
    classify: ({ ok, code }) => (ok ? undefined : { code: 'conflict', vendorCode: code }),
  });
  const error = await refusal(connectSoap(server.origin).send({ operation, body: {} }));
  expect(error).toMatchObject({ code: 'conflict', vendorCode: 'BUSY', status: 200, template: '/ get' });
  expect(error.message).toBe('the vendor refused the operation (BUSY)');
});

test('a connector may say itself what a refusal means, and which permission is missing', async () => {
  const server = await serve((response) => xml(response, envelope(answered('<ok>false</ok>'))));
  const operation = soapOperation({
    ...{ name: 'get', namespace: 'urn:shop', request: z.object({}), effect: 'read' },
    answer: z.object({ ok: z.stringbool() }),
    classify: () => ({ code: 'forbidden', message: 'the role may not read items', permissions: ['Items'] }),
  });
  const error = await refusal(connectSoap(server.origin).send({ operation, body: {} }));
  expect(error).toMatchObject({ code: 'forbidden', permissions: ['Items'] });
  expect(error.message).toBe("the role may not read items: it lacks the permission 'Items'");
});
