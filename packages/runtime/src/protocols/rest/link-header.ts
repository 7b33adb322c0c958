/** One link of a Link header. */
export interface Link {
  /** As it stands between the angle brackets: often relative. */
  readonly target: string;
  /** Its relations, in lower case: `next`, `prev`. */
  readonly rels: readonly string[];
}

// RFC 8288 with RFC 9110's tokens. All sticky: the header is read once from left to right.
const target = /[\s,]*<([^>]*)>/y;
const parameter = /[ \t]*;[ \t]*(?:([!#$%&'*+.^_`|~\w-]+)[ \t]*(?:=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"<>]*)))?)?/y;
/** What stands where a link should be, up to the next comma outside of quotes and brackets. */
const garbage = /(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,])/y;

/**
 * Reads a Link header: several links, several relations of one, commas and semicolons within quotes and targets. A
 * link that cannot be read is left out, and the others stay. Links that speak of another resource (`anchor`) as well.
 */
export const parseLinkHeader = (header: string): readonly Link[] => {
  const links: Link[] = [];
  let position = 0;
  /** Takes what the pattern finds exactly here. */
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(header);
    if (found !== null) position = pattern.lastIndex;
    return found;
  };
  while (position < header.length) {
    const start = take(target);
    if (start === null) {
      while (take(garbage) !== null);
      position += 1;
      continue;
    }
    const parameters = new Map<string, string>();
    for (let found = take(parameter); found !== null; found = take(parameter)) {
      const [, name, quoted, plain = ''] = found;
      // Of a parameter given twice the first one counts.
      const key = name?.toLowerCase();
      if (key !== undefined && !parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, '$1') ?? plain);
    }
    const isWhole = /^[ \t]*(?:,|$)/.test(header.slice(position, position + 100));
    const rels = (parameters.get('rel') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    if (isWhole && rels.length > 0 && !parameters.has('anchor')) links.push({ target: start[1] ?? '', rels });
    while (take(garbage) !== null);
    position += 1;
  }
  return links;
};
