import { connectorError, readField } from '@mortise/runtime';
import { typeOf } from './gid.ts';

/** Where children of a type go in their parent: `{ LineItem: 'lineItems' }`. */
export type ChildPlaces = Readonly<Record<string, string>>;

interface Parent {
  readonly [field: string]: unknown;
}

const isObject = (line: unknown): line is Parent => typeof line === 'object' && line !== null && !Array.isArray(line);

const parentOf = (line: unknown): unknown => readField(line, '__parentId');

/** Whether a line of a bulk file is a record of its own, and not one below the record before it. */
export const startsRecord = (line: unknown): boolean => parentOf(line) === undefined;

const astray = (what: string) => connectorError('unexpected-content', `the file of a bulk operation has ${what}`);

interface Family {
  /** The record as it grows, and what its children are gathered in. */
  readonly record: Record<string, unknown>;
  readonly children: ReadonlyMap<string, unknown[]>;
}

const familyOf = (line: unknown, places: ChildPlaces): Family => {
  if (!isObject(line)) throw astray('a line that is no record');
  const children = new Map<string, unknown[]>();
  const record: Record<string, unknown> = { ...line };
  // A record without children has no line that says so.
  for (const place of Object.values(places)) {
    const nodes: unknown[] = [];
    children.set(place, nodes);
    record[place] = { nodes };
  }
  return { record, children };
};

/**
 * Joins the lines of a bulk file to whole records: with `groupObjects` each record's children stand behind it and name
 * it by `__parentId`. A child of another record, or of an unknown type, fails the file: it must not pass for a record
 * without that child.
 * @throws ConnectorError `unexpected-content`
 */
export const joinedRecords = (lines: readonly unknown[], places: ChildPlaces): readonly unknown[] => {
  const records: unknown[] = [];
  let family: Family | undefined;
  for (const line of lines) {
    if (startsRecord(line)) {
      family = familyOf(line, places);
      records.push(family.record);
      continue;
    }
    if (family === undefined || parentOf(line) !== family.record.id) throw astray('a child apart from its parent');
    const type = typeOf(readField(line, 'id')) ?? '';
    const nodes = family.children.get(Object.hasOwn(places, type) ? (places[type] ?? '') : '');
    if (nodes === undefined || !isObject(line)) throw astray('a child of a type that was not asked for');
    const { __parentId: _parent, ...child } = line;
    nodes.push(child);
  }
  return records;
};
