import type { ObjectType, StoredObject } from '../types.ts';
import { createRandom, type Random } from './random.ts';

/** What to seed: the number of the seed, and counts of records, which have defaults. */
export type SeedOptions = {
  number: number;
  contacts?: number;
  companies?: number;
  products?: number;
  deals?: number;
  line_items?: number;
  /** Of 100 records so many are archived; 0 unless given. */
  archivedPercent?: number;
  /** Pairs of contacts that were merged; 0 unless given. */
  merges?: number;
  /** Whether the records are associated with each other; not unless given. */
  associated?: boolean;
  /** The first so many contacts share one stamp, to the millisecond. */
  sameStamp?: number;
};

const firstNames = [
  'Ada',
  'José',
  '美咲',
  'Олена',
  'محمد',
  'Zoë',
  'नेहा',
  "O'Neil",
  'Łukasz',
  '🦊 Fox',
  'Anne-Marie',
] as const;
const lastNames = [
  'Lovelace',
  'García',
  '佐藤',
  'Шевченко',
  'الهاشمي',
  'Müller',
  'शर्मा',
  'Nguyễn',
  'Żółć',
  'D"Arcy',
  'Li',
] as const;
const goods = ['Lamp', 'Чашка', '椅子', 'Tëa, loose', 'كتاب', 'Bolt 00123', 'Rope <3 m>'] as const;
const stages = ['appointmentscheduled', 'qualifiedtobuy', 'contractsent', 'closedwon', 'closedlost'] as const;

/** 1 January 2026. */
const start = Date.UTC(2026, 0, 1);
/** Every 23rd record or so has an id above 2^53, where a JSON number would lose its last digit. */
const bigId = 9_007_199_254_740_993n;

function idOf(random: Random, index: number): string {
  return random.chance(4) ? String(bigId + BigInt(index) * 2n) : String(1001 + index);
}

/** Stamps lie on few instants, so that many records tie; the page boundaries of a reader fall inside the ties. */
function stampOf(random: Random): number {
  return start + random.whole(40) * 3_600_000 + (random.chance(50) ? 0 : random.whole(3));
}

function without(properties: Record<string, string>, random: Random): Record<string, string> {
  const kept = Object.entries(properties).filter(([name]) => name === 'email' || !random.chance(12));
  return Object.fromEntries(kept);
}

type Values = (random: Random, index: number) => Record<string, string>;

const values: Record<ObjectType, Values> = {
  contacts: (random, index) => ({
    email: `person${index}@example-${random.whole(9)}.test`,
    firstname: random.pick(firstNames),
    lastname: random.pick(lastNames),
    phone: `+49 30 ${String(random.whole(10_000_000)).padStart(7, '0')}`,
    city: random.pick(['Berlin', 'São Paulo', '東京', 'Київ']),
    zip: `0${random.whole(10_000)}`,
    lifecyclestage: random.pick(['lead', 'customer', 'opportunity']),
  }),
  companies: (random, index) => ({
    name: `${random.pick(lastNames)} ${random.pick(['GmbH', '株式会社', 'LLC'])} ${index}`,
    domain: `company${index}.test`,
    country: random.pick(['DE', 'JP', 'BR', 'UA']),
    annualrevenue: String(random.whole(9_000_000)),
  }),
  products: (random, index) => ({
    name: `${random.pick(goods)} ${index}`,
    hs_sku: String(index).padStart(6, '0'),
    price: `${random.whole(1000)}.${String(random.whole(100)).padStart(2, '0')}`,
    description: random.pick(['plain', 'two\nlines', 'comma, "quote"']),
  }),
  deals: (random, index) => ({
    dealname: `Deal ${index} ${random.pick(lastNames)}`,
    amount: `${random.whole(100_000)}.${random.whole(10)}0`,
    dealstage: random.pick(stages),
    pipeline: 'default',
    closedate: new Date(start + random.whole(365) * 86_400_000).toISOString(),
  }),
  line_items: (random, index) => ({
    name: `${random.pick(goods)} ${index}`,
    hs_sku: String(index % 60).padStart(6, '0'),
    hs_product_id: String(1001 + (index % 60)),
    quantity: String(1 + random.whole(9)),
    price: `${random.whole(1000)}.${String(random.whole(100)).padStart(2, '0')}`,
  }),
};

type Making = { count: number; archivedPercent: number; sameStamp: number };

function records(type: ObjectType, random: Random, making: Making): StoredObject[] {
  const { count, archivedPercent, sameStamp } = making;
  const make = values[type];
  return Array.from({ length: count }, (_, index) => {
    const made = stampOf(random);
    const changed = made + (random.chance(30) ? random.whole(5) * 60_000 : 0);
    const [createdAt, updatedAt] = index < sameStamp ? [start, start] : [made, changed];
    const properties = without(make(random, index), random);
    const id = idOf(random, index);
    // Drawn only where it is asked for, so that seeds without archived records stay what they were.
    const archivedAt = archivedPercent > 0 && random.chance(archivedPercent) ? updatedAt : null;
    return { type, id, properties, createdAt, updatedAt, archivedAt };
  });
}

/**
 * The records of a seed, in the order in which they are made: the same number gives the same records. Ties in the
 * stamps, missing values, names in many scripts and ids above 2^53 are among them.
 */
export function seedRecords(options: SeedOptions): StoredObject[] {
  const { contacts = 250, companies = 20, products = 60, deals = 80, line_items = 0, archivedPercent = 0 } = options;
  const counts = { contacts, companies, products, deals, line_items };
  return (['contacts', 'companies', 'products', 'deals', 'line_items'] as const).flatMap((type, index) =>
    records(type, createRandom(options.number * 7 + index), {
      count: counts[type],
      archivedPercent,
      sameStamp: type === 'contacts' ? (options.sameStamp ?? 0) : 0,
    }),
  );
}
