import { isRecord } from '@mortise/testing';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { XmlElement } from './tree.ts';

const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance';

/**
 * Nothing is guessed: `00123` stays a text, blanks stay, numeric references are decoded, an entity can only be one of
 * the five. Order is kept because namespaces are resolved from the outside in.
 */
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: 64,
});

type Scope = Readonly<Record<string, string>>;

function resolve(qualified: string, scope: Scope, fallback = ''): { namespace: string; name: string } {
  const colon = qualified.indexOf(':');
  if (colon === -1) return { namespace: fallback, name: qualified };
  const namespace = scope[qualified.slice(0, colon)];
  if (namespace === undefined) throw new TypeError(`The prefix of ${qualified} is bound to no namespace.`);
  return { namespace, name: qualified.slice(colon + 1) };
}

function texts(attributes: unknown): [string, string][] {
  return Object.entries(isRecord(attributes) ? attributes : {}).map(([name, value]) => [name, String(value)]);
}

function scopeOf(outer: Scope, attributes: [string, string][]): Scope {
  const declared = attributes.flatMap(([name, uri]): [string, string][] => {
    if (name === 'xmlns') return [['', uri]];
    return name.startsWith('xmlns:') ? [[name.slice(6), uri]] : [];
  });
  return declared.length === 0 ? outer : { ...outer, ...Object.fromEntries(declared) };
}

type Attributes = Pick<XmlElement, 'attributes' | 'type' | 'nil'>;

function attributesOf(given: [string, string][], scope: Scope): Attributes {
  const attributes: Record<string, string> = {};
  let type: XmlElement['type'];
  let nil = false;
  for (const [qualified, value] of given) {
    if (qualified === 'xmlns' || qualified.startsWith('xmlns:')) continue;
    const { namespace, name } = resolve(qualified, scope);
    if (namespace === schemaInstance && name === 'type') type = resolve(value.trim(), scope, scope['']);
    else if (namespace === schemaInstance && name === 'nil') nil = value === 'true' || value === '1';
    else attributes[name] = value;
  }
  return { attributes, type, nil };
}

function elementsOf(nodes: unknown, scope: Scope): XmlElement[] {
  return (Array.isArray(nodes) ? nodes : []).filter(isRecord).flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ':@' && key !== '#text');
    return name === undefined ? [] : [elementOf(name, node, scope)];
  });
}

function elementOf(qualified: string, node: Record<string, unknown>, outer: Scope): XmlElement {
  const given = texts(node[':@']);
  const scope = scopeOf(outer, given);
  const inside = node[qualified];
  const text = (Array.isArray(inside) ? inside : []).filter(isRecord).map((part) => part['#text'] ?? '');
  return {
    ...resolve(qualified, scope, scope['']),
    ...attributesOf(given, scope),
    children: elementsOf(inside, scope),
    text: text.join(''),
  };
}

/** Reads a document with one root. Throws a TypeError for what is not well formed, holds a DOCTYPE or an unbound prefix. */
export function parseXml(text: string): XmlElement {
  if (/<!DOCTYPE/i.test(text)) throw new TypeError('A DOCTYPE is not taken.');
  // The parser takes a cut document for a whole one; only the validator sees it.
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new TypeError(`Not well formed XML: ${valid.err.msg}`);
  const [root, ...more] = elementsOf(parser.parse(text), { xml: 'http://www.w3.org/XML/1998/namespace' });
  if (root === undefined || more.length > 0) throw new TypeError('A document has one root element.');
  return root;
}
