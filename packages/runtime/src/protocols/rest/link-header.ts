/** One link of a Link header. */
export interface Link {
  /** As it stands between the angle brackets: often relative. */
  readonly target: string;
  /** Its relations, in lower case: `next`, `prev`. */
  readonly rels: readonly string[];
}

const closing: Readonly<Record<string, string>> = { '<': '>', '"': '"' };

/** Where what begins here ends: behind its closing mark, or right here where it is never closed. */
const endOf = (text: string, start: number): number => {
  const mark = closing[text.charAt(start)];
  if (mark === undefined) return start + 1;
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === mark) return index + 1;
    if (mark === '"' && text[index] === '\\') index += 1;
  }
  return start + 1;
};

/** Splits at a separator outside of quotes and angle brackets. Reads each character twice at most. */
const splitOutside = (text: string, separator: ',' | ';'): string[] => {
  const parts: string[] = [];
  const neverClosed = new Set<string>();
  let start = 0;
  for (let index = 0; index < text.length; ) {
    const mark = text.charAt(index);
    if (mark === separator) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
    const end = neverClosed.has(mark) ? index + 1 : endOf(text, index);
    // What is not closed from here is not closed from further on either.
    if (end === index + 1 && mark in closing) neverClosed.add(mark);
    index = end;
  }
  return [...parts, text.slice(start)];
};

// RFC 8288 with RFC 9110's tokens.
const targetForm = /^<([^>]*)>$/;
const parameterForm = /^([!#$%&'*+.^_`|~\w-]+)(?:[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s";<>]*)))?$/;

const parseLink = (text: string): Link | undefined => {
  const [first = '', ...rest] = splitOutside(text, ';').map((part) => part.trim());
  const target = targetForm.exec(first)?.[1];
  if (target === undefined) return undefined;
  const parameters = new Map<string, string>();
  for (const part of rest) {
    const [found, name = '', quoted, plain = ''] = parameterForm.exec(part) ?? [];
    if (found === undefined && part !== '') return undefined;
    // Of a parameter given twice the first one counts.
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, '$1') ?? plain);
  }
  const rels = (parameters.get('rel') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return rels.length === 0 || parameters.has('anchor') ? undefined : { target, rels };
};

/**
 * Reads a Link header: several links, several relations of one, commas and semicolons within quotes and targets. A
 * link that cannot be read is left out, and the others stay; so is one that speaks of another resource (`anchor`).
 */
export const parseLinkHeader = (header: string): readonly Link[] =>
  splitOutside(header, ',')
    .map(parseLink)
    .filter((link) => link !== undefined);
