import { wallClock } from './dates.ts';
import type { Table } from './tables.ts';
import { badQuery, is, type Token } from './tokens.ts';

/** The tables of a query by the name that it gives them, and the hours of the user's wall clock off UTC. */
export type Scope = { tables: ReadonlyMap<string, Table>; offsetHours: number };

/** SQL of the database beneath, with its values. */
export type Sql = { sql: string; values: readonly (string | number | bigint)[] };

const keywords = new Set('AND OR NOT IN IS NULL LIKE BETWEEN ASC DESC NULLS FIRST LAST DISTINCT'.split(' '));

const functions: Readonly<Record<string, string>> = {
  TO_CHAR: 'suiteql_to_char',
  SYS_EXTRACT_UTC: 'suiteql_utc',
  NVL: 'coalesce',
  COALESCE: 'coalesce',
  UPPER: 'upper',
  LOWER: 'lower',
  TRIM: 'trim',
  COUNT: 'count',
  MIN: 'min',
  MAX: 'max',
  ABS: 'abs',
};

const hour = 3_600_000;

/** The table and column of a word; undefined when it is no column. */
export function columnOf(word: string, { tables }: Scope): { owner: string; table: Table; column: string } | undefined {
  const [first = '', second] = word.toLowerCase().split('.');
  const column = second ?? first;
  for (const [owner, table] of tables) {
    if ((second === undefined || owner === first) && Object.hasOwn(table.columns, column))
      return { owner, table, column };
  }
  return undefined;
}

function columnSql(word: string, scope: Scope): string {
  const found = columnOf(word, scope);
  if (found === undefined) throw badQuery(`Field '${word}' for record was not found.`);
  const name = `"${found.owner}"."${found.column}"`;
  return found.table.columns[found.column] === 'date' ? `(${name} + ${scope.offsetHours * hour})` : name;
}

function displaySql(word: string, scope: Scope): string {
  const found = columnOf(word, scope);
  if (found === undefined) throw badQuery(`Field '${word}' for record was not found.`);
  const suffix = found.table.labels.includes(found.column) ? '__df' : '';
  return `"${found.owner}"."${found.column}${suffix}"`;
}

function literal([open, text, comma, format, close]: readonly Token[]): Sql {
  const isWhole = is(open, '(') && is(comma, ',') && is(close, ')') && text?.kind === 'text' && format?.kind === 'text';
  if (!isWhole) throw badQuery('A date literal needs a text and a format.');
  return { sql: '?', values: [wallClock(text.text, format.text)] };
}

type Step = Sql & { taken: number };

function wordStep(tokens: readonly Token[], at: number, scope: Scope): Step {
  const word = tokens[at]?.text ?? '';
  const upper = word.toUpperCase();
  const isCall = is(tokens[at + 1], '(');
  if (isCall && (upper === 'TO_TIMESTAMP' || upper === 'TO_DATE'))
    return { ...literal(tokens.slice(at + 1, at + 6)), taken: 6 };
  if (isCall && upper === 'BUILTIN.DF')
    return { sql: displaySql(tokens[at + 2]?.text ?? '', scope), values: [], taken: 4 };
  const known = Object.hasOwn(functions, upper) ? functions[upper] : undefined;
  if (isCall && known !== undefined) return { sql: known, values: [], taken: 1 };
  if (keywords.has(upper)) return { sql: upper, values: [], taken: 1 };
  if (isCall) throw badQuery(`Unknown function '${word}'.`);
  return { sql: columnSql(word, scope), values: [], taken: 1 };
}

function step(tokens: readonly Token[], at: number, scope: Scope): Step {
  const token = tokens[at];
  if (token?.kind === 'word') return wordStep(tokens, at, scope);
  const text = token?.text ?? '';
  if (token?.kind === 'text') return { sql: '?', values: [text], taken: 1 };
  if (token?.kind !== 'number') return { sql: text, values: [], taken: 1 };
  // Ids may be above 2^53.
  return { sql: '?', values: [text.includes('.') ? Number(text) : BigInt(text)], taken: 1 };
}

/** Turns an expression of SuiteQL into SQL. Throws 400 for a column or function that is not known. */
export function expression(tokens: readonly Token[], scope: Scope): Sql {
  const steps: Step[] = [];
  for (let at = 0; at < tokens.length; at += steps.at(-1)?.taken ?? 1) steps.push(step(tokens, at, scope));
  return { sql: steps.map(({ sql }) => sql).join(' '), values: steps.flatMap(({ values }) => values) };
}
