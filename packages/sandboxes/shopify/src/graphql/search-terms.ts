/** A term of Shopify's search syntax, as far as it is understood here. */
export interface Term {
  readonly field: string;
  readonly comparator: '=' | '>' | '>=' | '<' | '<=';
  readonly value: string;
}

const termForm = /^(\w+):(>=|<=|>|<)?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S+))$/;
const splitForm = /(?:[^\s'"]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")+/g;

const comparators = new Set(['>', '>=', '<', '<=']);
const isComparator = (text: string | undefined): text is Term['comparator'] =>
  text !== undefined && comparators.has(text);

/** Alternatives, joined by OR; the terms of each must all hold. */
export const readAlternatives = (query: string): readonly (readonly Term[])[] =>
  query.split(/ OR /).map((alternative) => readTerms(alternative).terms);

/**
 * Reads `updated_at:>='2026-11-01T00:00:00Z' AND id:>12`. A term that is not understood is left out, as Shopify does
 * with a field that it cannot search by: it answers all, and warns in `extensions.search`.
 */
export const readTerms = (query: string): { readonly terms: readonly Term[]; readonly unknown: readonly string[] } => {
  const terms: Term[] = [];
  const unknown: string[] = [];
  for (const [word] of query.matchAll(splitForm)) {
    if (word.toUpperCase() === 'AND') continue;
    const [, field, comparator, single, double, bare] = termForm.exec(word) ?? [];
    if (field === undefined) {
      unknown.push(word);
      continue;
    }
    const value = (single ?? double ?? bare ?? '').replaceAll(/\\(.)/g, '$1');
    terms.push({ field, comparator: isComparator(comparator) ? comparator : '=', value });
  }
  return { terms, unknown };
};
