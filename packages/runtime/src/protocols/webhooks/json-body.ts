import { createHash } from 'node:crypto';
import { parseJson } from '../../http/json.ts';

/** Tells bodies apart: for keys of deliveries that have no id. */
export const digestOf = (body: Uint8Array | string): string => createHash('sha256').update(body).digest('base64url');

/** A body as JSON. @throws SyntaxError, RangeError as `parseJson` does; the handler answers with 400. */
export const jsonOf = (body: Uint8Array): unknown => parseJson(Buffer.from(body).toString('utf8'));

const byte = { quote: 34, comma: 44, openList: 91, backslash: 92, closeList: 93 } as const;

const isSpace = (code: number | undefined): boolean => code === 32 || code === 10 || code === 13 || code === 9;

/** Index behind the string that starts at `start`. */
const behindString = (body: Uint8Array, start: number): number => {
  let index = start + 1;
  while (index < body.length && body[index] !== byte.quote) index += body[index] === byte.backslash ? 2 : 1;
  return index + 1;
};

/**
 * The items of a JSON list as the bytes that they came in, cut and not parsed: parsing and printing again would change
 * what was signed. A body that is no list is one item.
 */
export const jsonItems = (body: Uint8Array): readonly Uint8Array[] => {
  let start = 0;
  while (isSpace(body[start])) start += 1;
  if (body[start] !== byte.openList) return [body];
  const items: Uint8Array[] = [];
  let depth = 0;
  let from = start + 1;
  const cut = (end: number) => {
    if (body.subarray(from, end).some((code) => !isSpace(code))) items.push(body.subarray(from, end));
    from = end + 1;
  };
  for (let index = start; index < body.length; ) {
    const code = body[index] ?? 0;
    if (code === byte.quote) {
      index = behindString(body, index);
      continue;
    }
    // `[` and `{`, `]` and `}` differ in one bit.
    if ((code | 32) === 123) depth += 1;
    else if ((code | 32) === 125) depth -= 1;
    if ((code === byte.comma && depth === 1) || (code === byte.closeList && depth === 0)) cut(index);
    index += 1;
  }
  return items;
};
