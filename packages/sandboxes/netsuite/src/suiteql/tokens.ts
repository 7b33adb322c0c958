import { invalid } from '../rest/failure.ts';

/** A piece of a query. Words keep their dots: `t.id`, `BUILTIN.DF`. */
export type Token = { kind: 'word' | 'text' | 'number' | 'symbol'; text: string };

const pattern =
  /\s*(?:([A-Za-z_]\w*(?:\.[A-Za-z_*]\w*)*)|'((?:[^']|'')*)'|(\d+(?:\.\d+)?)|(<=|>=|<>|!=|\|\||[(),=<>*+-]))\s*/y;

function tokenOf([, word, text, number, symbol]: readonly (string | undefined)[]): Token {
  if (word !== undefined) return { kind: 'word', text: word };
  if (text !== undefined) return { kind: 'text', text: text.replaceAll("''", "'") };
  return number === undefined ? { kind: 'symbol', text: symbol ?? '' } : { kind: 'number', text: number };
}

/** The vendor's refusal of a query. */
export function badQuery(what: string): Error {
  return invalid(`Invalid search query. Detailed unprocessed description follows. ${what}`);
}

/** Cuts a query into tokens. Throws 400 for what no token can be. */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < query.length) {
    const at = pattern.lastIndex;
    const found = pattern.exec(query);
    if (found === null) throw badQuery(`Nothing is understood from character ${at + 1} on.`);
    tokens.push(tokenOf(found));
  }
  return tokens;
}

/** Whether a token is this word or symbol, whatever its case. */
export function is(token: Token | undefined, text: string): boolean {
  return token !== undefined && token.kind !== 'text' && token.text.toUpperCase() === text;
}

/** Cuts tokens at every top-level occurrence of a symbol. */
export function splitAt(tokens: readonly Token[], symbol: string): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (is(token, '(')) depth += 1;
    if (is(token, ')')) depth -= 1;
    if (depth === 0 && is(token, symbol)) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}
