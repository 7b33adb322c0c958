import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { isConnectorError } from '../src/index.ts';
import { answerJudge } from '../src/protocols/soap/answer.ts';
import { xmlText } from '../src/protocols/soap/encoding.ts';
import { writtenEnvelope } from '../src/protocols/soap/envelope.ts';
import { attribute, content, element, soapOperation } from '../src/protocols/soap/index.ts';
import { defaultXmlLimits } from '../src/protocols/soap/limits.ts';
import { loadParser } from '../src/protocols/soap/peer.ts';
import { readDocument } from '../src/protocols/soap/reader.ts';

const makeParser = loadParser();

const Item = z.object({
  id: attribute(z.string()),
  name: z.string(),
  nil: z.string().nullable(),
  tags: z.array(z.string()),
  price: z.object({ currency: attribute(z.string(), { namespace: 'urn:money' }), amount: content(z.string()) }),
  note: element(z.string().optional(), { name: 'Notiz-ß', namespace: '' }),
});
const shape = z.object({ item: z.array(Item) });

/** An operation whose answer looks as its request, so that what was written can be read. */
const echo = soapOperation({ name: 'echo', namespace: 'urn:x', request: shape, answer: shape, answerName: 'echo' });

const written = (body: unknown, blocks = {}): string =>
  writtenEnvelope({ version: '1.1', known: new Map(), request: echo.request, body, blocks: [blocks] });

const read = (text: string, limits = defaultXmlLimits) =>
  readDocument(text, { makeParser, limits, roots: echo.roots, title: 'a SOAP envelope' });

const hostile = fc.constantFrom(
  ']]>',
  '-->',
  '<!--',
  '<![CDATA[',
  '&amp;',
  '&#65;',
  '<',
  '>',
  '&',
  '"',
  "'",
  '\r\n',
  '\t',
  '\u0085',
  '\u2028',
  '𝄞',
  ' ',
);
const text = fc
  .array(fc.oneof(hostile, fc.string({ unit: 'grapheme' })), { maxLength: 6 })
  .map((parts) => parts.join(''));
const isWritable = (value: string): boolean => !/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(value);
const writable = text.filter(isWritable);

test('every value that XML can hold is read back as it was written', () => {
  const item = fc.record({
    ...{
      id: writable,
      name: writable,
      nil: fc.option(writable, { nil: null }),
      tags: fc.array(writable, { maxLength: 3 }),
    },
    price: fc.record({ currency: writable, amount: writable }),
    note: fc.option(writable, { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 3 }), (items) => {
      const reading = read(written({ item: items }));
      const expected = items.map(({ note, ...rest }) => (note === undefined ? rest : { ...rest, note }));
      expect(reading).toEqual({ ok: true, value: { Body: { answer: { item: expected } } } });
    }),
    { numRuns: 500 },
  );
});

test('every value is written so that it can be read, or refused with the typed error', () => {
  const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.anything(), text);
  fc.assert(
    fc.property(
      fc.array(fc.record({ id: anything, name: anything, nil: anything, tags: anything, price: anything }), {
        maxLength: 2,
      }),
      (items) => {
        try {
          expect(read(written({ item: items })).ok).toBe(true);
        } catch (error) {
          expect(isConnectorError(error)).toBe(true);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('header blocks of any names and contents are written well-formed, or refused with the typed error', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom('{urn:x}a', 'soap:b', '@c', '#text', '{urn:x}'), text);
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, fc.anything(), text, fc.dictionary(name, tie('tree'))),
  }));
  fc.assert(
    fc.property(fc.dictionary(name, tree), (blocks) => {
      try {
        expect(read(written({ item: [] }, blocks)).ok).toBe(true);
      } catch (error) {
        expect(isConnectorError(error)).toBe(true);
      }
    }),
    { numRuns: 400 },
  );
});

/** Pieces of documents, sound and not. */
const pieces = fc.constantFrom(
  ...[
    '<a>',
    '</a>',
    '<a/>',
    '<a b="1">',
    '<a b=1>',
    '<x:a>',
    '<a xmlns:x="urn:x">',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<?pi?>',
  ],
  ...[
    '<!DOCTYPE a>',
    '<!DOCTYPE a [<!ENTITY e "x">]>',
    '&e;',
    '&amp;',
    '&#65;',
    '&#0;',
    '&constructor;',
    '&__proto__;',
    '&',
    '<',
    '>',
  ],
  ...[
    '<__proto__>',
    '</__proto__>',
    '\u0000',
    '\ud800',
    '\ufeff',
    'text',
    ' ',
    '\r\n',
    ']]>',
    '<item>',
    '</item>',
    '<item id="1">',
  ],
  ...['<name>', '</name>', '<item xsi:nil="true"/>', 'xmlns="urn:x"'],
);

test('a document of any pieces is read or refused, and never throws', () => {
  const inside = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));
  const start = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><echo xmlns="urn:x">';
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(inside, fc.boolean(), fc.boolean(), (middle, opens, closes) => {
      const reading = read(`${opens ? start : ''}${middle}${closes ? '</echo></s:Body></s:Envelope>' : ''}`);
      outcomes.add(reading.ok ? 'ok' : reading.code);
      if (reading.ok) expect(JSON.stringify(reading.value)).not.toContain('function');
      expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    }),
    { numRuns: 3_000 },
  );
  expect([...outcomes].toSorted()).toEqual(['ok', 'truncated', 'unexpected-content']);
});

const judge = answerJudge(echo, { makeParser, limits: defaultXmlLimits, now: () => 0, classify: undefined });

test('an envelope of any pieces at any status is judged, and never throws', () => {
  const parts = fc.constantFrom(
    ...[
      '<s:Body>',
      '</s:Body>',
      '<s:Body/>',
      '<s:Body x:nil="true">',
      '<s:Header>',
      '</s:Header>',
      '<s:Header x:nil="1"/>',
    ],
    ...[
      '<s:Fault>',
      '</s:Fault>',
      '<s:Fault/>',
      '<s:Fault x:nil="true"/>',
      '<faultcode>s:Client</faultcode>',
      '<faultcode/>',
    ],
    ...[
      '<s:Code>',
      '</s:Code>',
      '<s:Value>s:Sender</s:Value>',
      '<detail/>',
      '<detail><a/></detail>',
      '<detail x:nil="true"/>',
    ],
    ...[
      '<echo xmlns="urn:x"/>',
      '<echo xmlns="urn:x" x:nil="true"/>',
      '<echo xmlns="urn:x">',
      '</echo>',
      '<item/>',
      'text',
    ],
  );
  const codes = new Set<string>();
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 12 }), fc.constantFrom(200, 202, 400, 401, 500, 503), (inner, status) => {
      const start =
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:x="http://www.w3.org/2001/XMLSchema-instance">';
      const bytes = Buffer.from(`${start}${inner.join('')}</s:Envelope>`);
      const judged = judge({ status, headers: { 'content-type': 'text/xml' }, bytes });
      codes.add(judged.ok ? 'ok' : judged.failure.code);
    }),
    { numRuns: 3_000 },
  );
  expect([...codes]).toEqual(expect.arrayContaining(['unexpected-content', 'invalid-request', 'unavailable']));
});

test('a body, a fault or an answer that is xsi:nil is no answer', () => {
  const nil = (inner: string) =>
    judge({
      status: 200,
      headers: { 'content-type': 'text/xml' },
      bytes: Buffer.from(
        `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:x="http://www.w3.org/2001/XMLSchema-instance">${inner}</s:Envelope>`,
      ),
    });
  expect(nil('<s:Body x:nil="true"/>')).toMatchObject({ failure: { code: 'unexpected-content' } });
  expect(nil('<s:Body><s:Fault x:nil="true"/></s:Body>')).toMatchObject({ failure: { code: 'unavailable' } });
  expect(nil('<s:Body><echo xmlns="urn:x" x:nil="true"/></s:Body>')).toMatchObject({
    failure: { code: 'unexpected-content' },
  });
});

test('any bytes in any encoding become a text or nothing, and never throw', () => {
  const type = fc.constantFrom(
    'text/xml',
    'text/xml; charset=utf-16',
    'text/xml; charset="iso-8859-1"',
    'text/xml; charset=x',
    'text/xml; charset=utf-7',
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc
      .constantFrom('<?xml version="1.0" encoding="utf-16"?><a/>', "<?xml encoding='ebcdic'?>")
      .map((each) => Buffer.from(each)),
  );
  fc.assert(
    fc.property(bytes, type, (each, stated) => {
      const decoded = xmlText(Buffer.from(each), stated);
      expect(['string', 'undefined']).toContain(typeof decoded);
      if (decoded !== undefined) expect(typeof read(decoded).ok).toBe('boolean');
    }),
    { numRuns: 2_000 },
  );
});

test('the work is bounded: no more elements are counted than the limit, whatever the document', () => {
  const limits = { depth: 5, attributes: 3, elements: 20, references: 10 };
  fc.assert(
    fc.property(fc.nat(40), fc.nat(10), fc.nat(30), (depth, attributes, siblings) => {
      const attributeText = Array.from({ length: attributes }, (_, index) => ` a${index}="1"`).join('');
      const nested = `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`;
      const body = `<b${attributeText}/>${nested}${'<c/>'.repeat(siblings)}`;
      const document = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;
      const fits = depth + 2 <= 5 && attributes <= 3 && depth + siblings + 3 <= 20;
      expect(read(document, limits)).toMatchObject(fits ? { ok: true } : { ok: false, code: 'too-large' });
    }),
    { numRuns: 500 },
  );
});
