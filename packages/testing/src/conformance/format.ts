import { parseJson } from '../sandbox/record.ts';
import type { WireAnswer } from './wire.ts';

/** How bodies are read and written, so that the suite can edit what passes the wire. */
export interface BodyFormat {
  /** The body as objects, lists and values; undefined where the text is not of this format. Ids keep all their digits. */
  readonly parse: (text: string) => unknown;
  /** The text of a body that `parse` gave, and that was edited in place. */
  readonly print: (body: unknown) => string;
}

const longNumber = /("(?:[^"\\]|\\.)*")|(?<![\d.eE+-])(-?\d{16,})(?![\d.eE])/g;
const mark = 'digits-of-a-long-number:';
const marked = new RegExp(`^${mark}(-?\\d+)$`);
const markedText = new RegExp(`"${mark}(-?\\d+)"`, 'g');

/** JSON whose whole numbers beyond 2^53 are read as bigint: as a number they would be another id. */
export const json: BodyFormat = {
  parse: (text) => {
    const kept = text.replace(longNumber, (found, quoted) => (quoted === undefined ? `"${mark}${found}"` : found));
    const body = parseJson(kept);
    return body === undefined ? undefined : withBigInts(body);
  },
  print: (body) => {
    const text = JSON.stringify(body, (_name, value) => (typeof value === 'bigint' ? `${mark}${value}` : value));
    return text.replace(markedText, '$1');
  },
};

const withBigInts = (value: unknown): unknown => {
  if (typeof value === 'string') {
    const digits = marked.exec(value)?.[1];
    return digits === undefined ? value : BigInt(digits);
  }
  if (Array.isArray(value)) return value.map(withBigInts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withBigInts(inner)]));
};

/** An answer with its body changed in place; the same answer where it is of another format, or nothing is to be done. */
export const editBody = (
  answer: WireAnswer,
  { format = json, change }: { readonly format?: BodyFormat | undefined; readonly change: (body: unknown) => boolean },
): WireAnswer => {
  const body = format.parse(answer.text);
  return body !== undefined && change(body) ? { ...answer, text: format.print(body) } : answer;
};
