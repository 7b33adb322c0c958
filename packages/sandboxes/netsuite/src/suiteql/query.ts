import { columnOf, expression, type Scope, type Sql } from './expression.ts';
import { type Table, tables } from './tables.ts';
import { badQuery, is, splitAt, type Token, tokensOf } from './tokens.ts';

const clauses = ['SELECT', 'FROM', 'WHERE', 'ORDER'] as const;
type Clause = (typeof clauses)[number];
type Clauses = Partial<Record<Clause, Token[]>>;

function clausesOf(tokens: readonly Token[]): Clauses {
  const found: Clauses = {};
  let current: Clause | undefined;
  let depth = 0;
  for (const token of tokens) {
    if (is(token, '(')) depth += 1;
    if (is(token, ')')) depth -= 1;
    const clause = depth === 0 ? clauses.find((name) => is(token, name)) : undefined;
    if (clause !== undefined && found[clause] !== undefined) throw badQuery(`${clause} comes twice.`);
    if (clause !== undefined) found[clause] = [];
    current = clause ?? current;
    if (clause === undefined && current !== undefined) found[current]?.push(token);
  }
  return found;
}

function fromOf(tokens: readonly Token[]): Map<string, Table> {
  const named = splitAt(tokens, ',').map((part): [string, Table] => {
    const words = part.filter((token) => !is(token, 'AS')).map(({ text }) => text.toLowerCase());
    const [name = '', alias = name, ...more] = words;
    const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
    if (table === undefined) throw badQuery(`Record '${name}' was not found.`);
    if (more.length > 0) throw badQuery('This stand-in reads no JOIN: name one table, or several with commas.');
    return [alias, table];
  });
  return new Map(named);
}

type Item = { name: string; tokens: Token[] };

function itemOf(tokens: Token[]): Item {
  const last = tokens.at(-1);
  const isNamed = tokens.length > 1 && last?.kind === 'word';
  if (isNamed && is(tokens.at(-2), 'AS')) return { name: last.text.toLowerCase(), tokens: tokens.slice(0, -2) };
  if (isNamed) return { name: last.text.toLowerCase(), tokens: tokens.slice(0, -1) };
  const own = tokens.length === 1 && last?.kind === 'word' ? last.text.toLowerCase().split('.').at(-1) : undefined;
  return { name: own ?? 'expr1', tokens };
}

function itemsOf(tokens: readonly Token[], { tables: named }: Scope): Item[] {
  if (tokens.length !== 1 || !is(tokens[0], '*')) return splitAt(tokens, ',').map(itemOf);
  return [...named.values()].flatMap(({ columns }) =>
    Object.keys(columns).map((name): Item => ({ name, tokens: [{ kind: 'word', text: name }] })),
  );
}

/** Everything leaves as text; a date that no TO_CHAR shapes leaves as its day alone. */
function selected({ name, tokens }: Item, scope: Scope): Sql {
  const { sql, values } = expression(tokens, scope);
  const [only] = tokens;
  const found = tokens.length === 1 && only?.kind === 'word' ? columnOf(only.text, scope) : undefined;
  const isDate = found !== undefined && found.table.columns[found.column] === 'date';
  return { sql: `${isDate ? `suiteql_day(${sql})` : `CAST(${sql} AS TEXT)`} AS "${name}"`, values };
}

/**
 * Turns a query into SQL of the database beneath: SELECT … FROM … [WHERE …] [ORDER BY …] over the known tables. Throws
 * 400 for what it does not read.
 */
export function translated(query: string, offsetHours: number): Sql {
  const { SELECT, FROM, WHERE, ORDER } = clausesOf(tokensOf(query));
  if (SELECT === undefined || FROM === undefined) throw badQuery('A query is SELECT … FROM ….');
  const scope: Scope = { tables: fromOf(FROM), offsetHours };
  const items = itemsOf(SELECT, scope).map((item) => selected(item, scope));
  const from = [...scope.tables].map(([alias, { view }]) => `${view} AS "${alias}"`).join(', ');
  const where = WHERE === undefined ? undefined : expression(WHERE, scope);
  const order = ORDER === undefined ? undefined : expression(ORDER.slice(1), scope);
  const sql = [
    `SELECT ${items.map((item) => item.sql).join(', ')} FROM ${from}`,
    ...(where === undefined ? [] : [`WHERE ${where.sql}`]),
    ...(order === undefined ? [] : [`ORDER BY ${order.sql}`]),
  ].join(' ');
  return {
    sql,
    values: [...items.flatMap(({ values }) => values), ...(where?.values ?? []), ...(order?.values ?? [])],
  };
}
