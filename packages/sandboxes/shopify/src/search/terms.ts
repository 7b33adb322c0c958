/** One term of a search: a field, how it is compared, and with what. */
export type SearchTerm = { field: string; operator: '=' | '>' | '>=' | '<' | '<='; value: string };

/** A search that this stand-in cannot read. */
export class UnreadableSearch extends Error {}

const term = /\s*(?:(AND|OR)\s+)?(\w+):(>=|<=|>|<|=)?\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^\s()]+))/y;

const operators = ['=', '>', '>=', '<', '<='] as const;

function operatorOf(text: string | undefined): SearchTerm['operator'] {
  for (const operator of operators) if (operator === text) return operator;
  return '=';
}

/**
 * Reads a search: alternatives joined by OR, of terms that must all hold. Throws an {@link UnreadableSearch} for NOT, brackets
 * and bare words.
 */
export function searchAlternatives(query: string): SearchTerm[][] {
  const alternatives: SearchTerm[][] = [[]];
  const text = query.trim();
  term.lastIndex = 0;
  while (term.lastIndex < text.length) {
    const at = term.lastIndex;
    const found = term.exec(text);
    if (found === null) {
      throw new UnreadableSearch(
        `The sandbox reads searches of field:value terms joined by AND and OR, not "${text.slice(at)}".`,
      );
    }
    const [, connective, field = '', operator, single, double, bare] = found;
    const value = (single ?? double ?? bare ?? '').replaceAll(/\\(.)/g, '$1');
    if (connective === 'OR') alternatives.push([]);
    alternatives.at(-1)?.push({ field, operator: operatorOf(operator), value });
  }
  return alternatives;
}
