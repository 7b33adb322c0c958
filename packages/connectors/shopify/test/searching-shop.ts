import { type Asked, scriptedShop, type Told } from './scripted-shop.ts';

/** A customer as far as the search looks at it. */
export interface Row {
  readonly id: string;
  readonly updatedAt: string;
}

/** A customer of the number, changed at the second of this minute. */
export const customer = (number: number | bigint, second: number): Row => ({
  id: `gid://shopify/Customer/${number}`,
  updatedAt: new Date(Date.UTC(2026, 10, 1, 0, 0, second)).toISOString().replace('.000Z', 'Z'),
  ...{
    firstName: null,
    lastName: `No. ${number}`,
    createdAt: '2026-01-01T00:00:00Z',
    defaultEmailAddress: null,
    defaultPhoneNumber: null,
    defaultAddress: null,
  },
});

const numberOf = ({ id }: Row): bigint => BigInt(id.split('/').at(-1) ?? '');

const fits = (row: Row, term: string): boolean => {
  const [, field, operator, value = ''] = /^(\w+):(>=|>|<)'?([^']+)'?$/.exec(term) ?? [];
  if (field === 'id' && operator === '>') return numberOf(row) > BigInt(value);
  if (field !== 'updated_at') throw new Error(`the search does not know ${term}`);
  const [stamp, bound] = [Date.parse(row.updatedAt), Date.parse(value)];
  return operator === '>=' ? stamp >= bound : stamp < bound;
};

const compare = (one: bigint, other: bigint): number => (one < other ? -1 : one > other ? 1 : 0);

/** What the search is told to do besides. */
export interface Oddity {
  /** Answers this page empty, with a cursor that leads on. */
  readonly emptyPage?: number;
  /** Refuses pages of more records. */
  readonly most?: number;
  /** Runs before a page is answered. */
  readonly before?: (page: number, rows: Row[]) => void;
}

/** A shop whose customers are searched as Shopify does it: ties of a stamp come in no order that means anything. */
export const searchingShop = async (rows: Row[], { emptyPage, most = 250, before }: Oddity = {}) => {
  let pages = 0;
  const found = ({ variables }: Asked): readonly Row[] => {
    const terms = typeof variables.query === 'string' ? variables.query.split(' AND ') : [];
    const byStamp = (one: Row, other: Row) => Date.parse(one.updatedAt) - Date.parse(other.updatedAt);
    const byId = (one: Row, other: Row) => compare(numberOf(one), numberOf(other));
    const matching = rows.filter((row) => terms.every((term) => fits(row, term)));
    // Ties the other way round on every second page.
    const turn = pages % 2 === 0 ? 1 : -1;
    const order = variables.sortKey === 'UPDATED_AT' ? (a: Row, b: Row) => byStamp(a, b) || turn * byId(a, b) : byId;
    return matching.toSorted(order);
  };
  const script = (asked: Asked): Told => {
    const first = Number(asked.variables.first);
    if (first > most) return { body: { errors: [{ message: 'x', extensions: { code: 'MAX_COST_EXCEEDED' } }] } };
    before?.(pages, rows);
    const all = found(asked);
    const isEmpty = pages === emptyPage;
    pages += 1;
    const pageInfo = { hasNextPage: isEmpty || all.length > first, endCursor: `c${pages}` };
    return { body: { data: { customers: { nodes: isEmpty ? [] : all.slice(0, first), pageInfo } } } };
  };
  return scriptedShop(script);
};
