import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type BenchSection, type Target, targetTable } from '../report.ts';
import { spread } from '../rounds.ts';
import { contenders } from './contenders.ts';

const runFile = promisify(execFile);
const program = fileURLToPath(new URL('./contender.ts', import.meta.url));
const Measured = z.object({ recordsPerSecond: z.number() });

const measure = async (name: string): Promise<number> => {
  const { stdout } = await runFile(process.execPath, [program, name]);
  return Measured.parse(JSON.parse(stdout)).recordsPerSecond;
};

/** Records a second of each contender, round by round: each in a process of its own, in turn. */
const rounds = async (count: number): Promise<ReadonlyMap<string, readonly number[]>> => {
  const rates = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < count; round += 1) {
    for (const [name, measured] of rates) measured.push(await measure(name));
    process.stderr.write(`mapping, round ${round + 1} of ${count}\n`);
  }
  return rates;
};

const rateTable = (rates: ReadonlyMap<string, readonly number[]>): string => {
  const whole = (rate: number) => Math.round(rate / 1_000).toLocaleString('en');
  const rows = [...rates].map(([name, measured]) => {
    const { low, median, high } = spread(measured);
    return `| ${name} | ${whole(median)} (${whole(low)} to ${whole(high)}) |`;
  });
  return ['| contender | thousand records/s, median (lowest to highest) |', '|---|---|', ...rows].join('\n');
};

/** Ratios are taken within a round, so that a slow spell of the machine falls on both sides. */
const ratio = (
  rates: ReadonlyMap<string, readonly number[]>,
  { of, against }: { readonly of: string; readonly against: string },
) => {
  const other = rates.get(against) ?? [];
  return spread((rates.get(of) ?? []).map((rate, round) => rate / (other[round] ?? Number.NaN)));
};

/** Pages of 100 records, validated and mapped, against code written by hand for that one record. */
export const mappingSection = async ({ rounds: count }: { readonly rounds: number }): Promise<BenchSection> => {
  const rates = await rounds(count);
  const targets: Target[] = [
    {
      what: 'parse, validate, map and stringify a page, of the rate by hand',
      value: ratio(rates, { of: 'read by mortise', against: 'read by hand' }),
      limit: 0.7,
      direction: 'at least',
    },
    {
      what: 'the same, of the rate of a compiled z.codec',
      value: ratio(rates, { of: 'read by mortise', against: 'read by zod codec' }),
      limit: 1,
      direction: 'at least',
    },
    {
      what: 'map and stringify a page to write, of the rate by hand',
      value: ratio(rates, { of: 'write by mortise', against: 'write by hand' }),
      limit: 0.7,
      direction: 'at least',
    },
  ];
  const body = [
    'A page of 100 contacts of 13 fields. By hand means checks as careful as the schema and code for that one record;',
    'the codec parses both sides and is mapped by that code too. Writing validates nothing on either side.',
    '',
    rateTable(rates),
    '',
    targetTable(targets),
  ].join('\n');
  return { heading: 'Mapping', body, targets };
};
