import { describe, expect, test } from 'vitest';
import { parseXml } from '../src/xml/parse.ts';
import { child } from '../src/xml/tree.ts';
import { node, withAttributes, writeXml } from '../src/xml/write.ts';

describe('dependency-traps.md 0.5 to 0.11, XML', () => {
  test.each([
    ['cut', '<r><a>1</a><b>'],
    ['crossed', '<r><a>1</b></r>'],
    ['not XML', 'hello'],
    ['two roots', '<a/><b/>'],
    ['a DOCTYPE', '<!DOCTYPE a><a/>'],
    ['an unbound prefix', '<x:a/>'],
    ['empty', ''],
  ])('%s is refused', (_, text) => {
    expect(() => parseXml(text)).toThrow(TypeError);
  });

  test('nothing is guessed: numbers, blanks and references stay what they are', () => {
    const root = parseXml('<r><a>00123</a><b> 1e5 </b><c>&#65;&#x42;&amp;lt;</c><d t="0x1F"/></r>');
    expect(root.children.map(({ text }) => text)).toEqual(['00123', ' 1e5 ', 'AB&lt;', '']);
    expect(child(root, 'd')?.attributes).toEqual({ t: '0x1F' });
  });

  test('prefixes are resolved from the outside in, those of xsi:type too', () => {
    const root = parseXml(
      '<r xmlns="u:1" xmlns:x="u:2" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><x:a xmlns:x="u:3" i:type="x:T"/><b i:type="T"/></r>',
    );
    expect(root.children.map(({ namespace, type }) => [namespace, type])).toEqual([
      ['u:3', { namespace: 'u:3', name: 'T' }],
      ['u:1', { namespace: 'u:1', name: 'T' }],
    ]);
  });

  test('what is written is read back, in text and in attributes', () => {
    const hostile = ` <a href="x">&amp; '佐藤' ]]>\r\n\t🦊 `;
    const root = parseXml(writeXml(withAttributes(node('r', hostile), { a: hostile })));
    expect([root.text, root.attributes.a]).toEqual([hostile, hostile]);
    expect(parseXml(writeXml(node('r', 'a\u0000b'))).text).toBe('a\uFFFDb');
  });
});
