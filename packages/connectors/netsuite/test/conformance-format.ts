import { type Dialect, isRecord, parseJson } from '@mortise/testing';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { customerKind } from '../src/customers.ts';
import { itemKind } from '../src/items.ts';
import type { RecordKind } from '../src/record-kind.ts';
import { salesOrderKind } from '../src/sales-orders.ts';

type Format = NonNullable<Dialect['format']>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
});

/** Elements that stand in lists, even where there is one. */
const listed = new Set([
  'record',
  'deletedRecord',
  'itemAvailability',
  'readResponse',
  'writeResponse',
  'statusDetail',
]);

/** Elements of NetSuite's schema that are whole numbers; ids are texts. */
const counts = new Set(['totalRecords', 'totalPages']);

/** How the name of a part was written, and whether as attribute: hidden, so that edits see plain names. */
const writtenAs = Symbol('written as');
interface Written {
  readonly qualified: string;
  readonly isAttribute: boolean;
}
interface Part {
  [name: string]: unknown;
  readonly [writtenAs]: Map<string, Written>;
}

const isPart = (value: unknown): value is Part => isRecord(value) && Reflect.get(value, writtenAs) instanceof Map;

const localOf = (qualified: string): string => qualified.split(':').at(-1) ?? qualified;

const attributesOf = (node: Record<string, unknown>): [string, unknown][] => {
  const given = node[':@'];
  return isRecord(given) ? Object.entries(given) : [];
};

/** What lies in an element: its text, or its attributes and elements by their names without prefixes. */
const contentOf = (children: readonly unknown[], attributes: readonly [string, unknown][]): unknown => {
  const nodes = children.filter(isRecord);
  const text = nodes.map((node) => node['#text'] ?? '').join('');
  const part: Part = { [writtenAs]: new Map() };
  for (const [qualified, value] of attributes) {
    part[qualified] = value;
    part[writtenAs].set(qualified, { qualified, isAttribute: true });
  }
  for (const node of nodes) {
    const qualified = Object.keys(node).find((name) => name !== ':@' && name !== '#text');
    const inside = qualified === undefined ? undefined : node[qualified];
    if (qualified === undefined || !Array.isArray(inside)) continue;
    const name = localOf(qualified);
    const value = contentOf(inside, attributesOf(node));
    const known = part[name];
    if (Array.isArray(known)) known.push(value);
    else if (known !== undefined) part[name] = [known, value];
    else part[name] = listed.has(name) ? [value] : counts.has(name) ? Number(value) : value;
    part[writtenAs].set(name, { qualified, isAttribute: false });
  }
  return part[writtenAs].size === 0 ? text : part;
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** An element for each value of a list; a list within a list is an element of elements. */
const elementText = (qualified: string, value: unknown): string => {
  if (Array.isArray(value)) return value.map((each) => elementText(qualified, each)).join('');
  if (!isRecord(value)) return `<${qualified}>${escaped(String(value))}</${qualified}>`;
  const writing = isPart(value) ? value[writtenAs] : new Map<string, Written>();
  const entries = Object.entries(value).map(
    ([name, inner]) => [writing.get(name) ?? { qualified: name, isAttribute: false }, inner] as const,
  );
  const attributes = entries.filter(([{ isAttribute }, inner]) => isAttribute && typeof inner === 'string');
  const elements = entries.filter(([{ isAttribute }, inner]) => !isAttribute || typeof inner !== 'string');
  const head = attributes.map(([{ qualified: name }, inner]) => ` ${name}="${escaped(String(inner))}"`).join('');
  const body = elements.map(([{ qualified: name }, inner]) => elementText(name, nested(inner))).join('');
  return `<${qualified}${head}>${body}</${qualified}>`;
};

/** Lists within lists have no form in XML: the inner one becomes an element of its own. */
const nested = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((each) => (Array.isArray(each) ? { entry: each } : each)) : value;

/** Adds what the connector calls the key of a stock level; not enumerable, so that it is not printed. */
const stockIds = (value: unknown): void => {
  if (Array.isArray(value)) for (const each of value) stockIds(each);
  if (!isPart(value)) return;
  const { item, locationId } = value;
  if (isRecord(item) && isRecord(locationId)) {
    Object.defineProperty(value, 'id', { value: `${item.internalId}/${locationId.internalId}` });
  }
  for (const inner of Object.values(value)) stockIds(inner);
};

/** NetSuite's SOAP answers: names without prefixes, counts as numbers, rows in lists. */
const soapFormat: Format = {
  parse: (text) => {
    if (!text.trimStart().startsWith('<') || XMLValidator.validate(text) !== true) return undefined;
    const nodes: unknown = parser.parse(text);
    const roots = (Array.isArray(nodes) ? nodes : []).filter((node) => !Object.hasOwn(node, '?xml'));
    const body = contentOf(roots, []);
    stockIds(body);
    return body;
  },
  print: (body) => {
    if (!isPart(body)) return '';
    return [...body[writtenAs]].map(([name, { qualified }]) => elementText(qualified, body[name])).join('');
  },
};

const namesOf = ({ rest: { columns, stamps, switches = {} } }: RecordKind): readonly (readonly [string, string])[] => [
  ['internalId', 'id'],
  ['externalId', 'externalid'],
  ...Object.entries({ ...columns, ...stamps, ...switches }),
];

/** The columns of SuiteQL by the connector's names of what they hold. */
const named = [itemKind, customerKind, salesOrderKind].flatMap(namesOf);
const unnamed = named.map(([name, column]) => [column, name] as const);

const renamed = (row: unknown, names: readonly (readonly [from: string, to: string])[]): unknown => {
  if (!isRecord(row)) return row;
  const found = new Map(names);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [found.get(name) ?? name, value]));
};

const itemsOf = (body: unknown): readonly unknown[] | undefined =>
  isRecord(body) && Array.isArray(body.items) ? body.items : undefined;

const isStock = (row: unknown): row is Record<string, unknown> =>
  isRecord(row) && Object.hasOwn(row, 'item') && Object.hasOwn(row, 'quantityonhand');

/** SuiteQL's answers, whose columns have names of their own. */
const restFormat: Format = {
  parse: (text) => {
    const body = parseJson(text);
    const items = itemsOf(body);
    if (!isRecord(body) || items === undefined) return body;
    const rows = items.map((row) =>
      isStock(row) ? { id: `${row.item}/${row.location}`, ...row } : renamed(row, unnamed),
    );
    return { ...body, items: rows };
  },
  print: (body) => {
    const items = itemsOf(body);
    if (!isRecord(body) || items === undefined) return JSON.stringify(body);
    const rows = items.map((row) => {
      if (!isStock(row)) return renamed(row, named);
      const { id: _id, ...own } = row;
      return own;
    });
    return JSON.stringify({ ...body, items: rows });
  },
};

/** The part of a SOAP answer that has this name, wherever it is. */
export const partOf = (value: unknown, name: string): Record<string, unknown> | undefined => {
  if (!isRecord(value)) return undefined;
  const found = value[name];
  if (isRecord(found)) return found;
  for (const inner of Object.values(value)) {
    const deeper = partOf(inner, name);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
};

/** How the answers of each transport are read and written. */
export const formats: Readonly<Record<'soap' | 'rest', Format>> = { soap: soapFormat, rest: restFormat };
