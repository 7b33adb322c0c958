import { isRecord, parseJson } from '../sandbox/record.ts';
import type { CassetteResponse } from './cassette.ts';

/** The kinds of value that stand at each path of a body. */
export type Shape = Map<string, Set<string>>;

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
};

const note = (shape: Shape, { path, kind }: { path: string; kind: string }): void => {
  const kinds = shape.get(path) ?? new Set();
  shape.set(path, kinds.add(kind));
};

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** Adds the shape of a JSON value. Ids that serve as names of fields are one field. */
const addJson = (shape: Shape, { value, path = '' }: { value: unknown; path?: string }): void => {
  if (path !== '') note(shape, { path, kind: kindOf(value) });
  if (Array.isArray(value)) for (const each of value) addJson(shape, { value: each, path: `${path}[]` });
  else if (isRecord(value)) {
    for (const [name, each] of Object.entries(value)) {
      addJson(shape, { value: each, path: join(path, /^\d+$/.test(name) ? '{id}' : name) });
    }
  }
};

const tag = /<(\/?)(?:[\w.-]+:)?([\w.-]+)((?:\s[^<>]*?)?)(\/?)>/g;
const noElements = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>/g;

/** Adds the elements and attributes of XML by their local names. */
const addXml = (shape: Shape, text: string): void => {
  const open: string[] = [];
  for (const [, closing, name = '', attributes = '', isEmpty] of text.replace(noElements, '').matchAll(tag)) {
    if (closing === '/') {
      open.pop();
      continue;
    }
    const path = join(open.join('.'), name);
    note(shape, { path, kind: 'element' });
    for (const [, attribute = ''] of attributes.matchAll(/\s(?:[\w.-]+:)?([\w.-]+)=/g)) {
      note(shape, { path: `${path}@${attribute}`, kind: 'attribute' });
    }
    if (isEmpty !== '/') open.push(name);
  }
};

/** Adds the shape of a body: of JSON, of lines of JSON, of XML. Other bodies have none. */
export const addShape = (shape: Shape, { body, headers }: CassetteResponse): void => {
  if (body === undefined || !('text' in body)) return;
  const contentType = headers['content-type'] ?? '';
  const value = parseJson(body.text);
  if (/[/+]xml\b/i.test(contentType)) addXml(shape, body.text);
  else if (value !== undefined) addJson(shape, { value });
  else if (/ndjson|jsonl|json-?lines/i.test(contentType)) {
    for (const line of body.text.split('\n')) {
      if (line.trim() !== '') addJson(shape, { value: parseJson(line), path: '[]' });
    }
  }
};
