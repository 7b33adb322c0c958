// `npm run bench`: Mortise side by side with what users would write instead, in one run. Writes docs/performance.md.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { circumstances, isMet, measurementTable, type Target, targetTable } from './report.ts';
import { interleave, type Measurement, spread } from './rounds.ts';

const titles = {
  mortise: 'Mortise, everything on',
  axios: 'by hand: axios + zod, sequential, no state',
  undici: 'by hand: undici, pipelined, links and checkpoint in SQLite (the limit)',
};
const contenders = Object.keys(titles);

const pairs = (
  measured: ReadonlyMap<string, readonly Measurement[]>,
  { of, against, by }: { of: string; against: string; by: (of: Measurement, against: Measurement) => number },
) => {
  const others = measured.get(against) ?? [];
  return spread(
    (measured.get(of) ?? []).flatMap((run, round) => (others[round] === undefined ? [] : [by(run, others[round])])),
  );
};

const rate = ({ written, seconds }: Measurement): number => written / seconds;
const rates = (of: Measurement, against: Measurement): number => rate(of) / rate(against);
const moreMemory = (of: Measurement, against: Measurement): number => of.peakMegabytes - against.peakMegabytes;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, records: { type: 'string', default: '100000' } },
});
const records = Number(values.records);
const rounds = Number(values.rounds);

const measured = await interleave(contenders, { records, rounds });
const few = await interleave(['mortise', 'axios'], { records: 10_000, rounds: 3 });
const many = await interleave(['mortise', 'axios'], { records: 1_000_000, rounds: 3 });

const speed: Target[] = [
  {
    what: 'rate against axios + zod',
    value: pairs(measured, { of: 'mortise', against: 'axios', by: rates }),
    limit: 0.7,
    direction: 'at least',
  },
  {
    what: 'rate against the limit',
    value: pairs(measured, { of: 'mortise', against: 'undici', by: rates }),
    limit: 0.45,
    direction: 'at least',
  },
];
const memory = [few, measured, many].map((runs, index): Target => {
  const count = [10_000, records, 1_000_000][index]?.toLocaleString('en');
  const value = pairs(runs, { of: 'mortise', against: 'axios', by: moreMemory });
  return { what: `peak memory above the bare loop's at ${count} records, MB`, value, limit: 40, direction: 'at most' };
});

const page = `# Performance

Made by \`npm run bench\`. ${circumstances()}
Every run is a process of its own; the contenders take turns, ${rounds} rounds; ratios are taken round by round.
Server and contender share the machine's cores, so read the ratios, not the rates.

## A sync of ${records.toLocaleString('en')} small records

Paged REST source, 100 a page, through validation, mapping and a SQLite commit a page into a batched destination.

${measurementTable(measured, titles)}

${targetTable(speed)}

## Memory

${measurementTable(few, { ...titles, mortise: 'Mortise, 10,000 records', axios: 'axios + zod, 10,000 records' })}

${measurementTable(many, { ...titles, mortise: 'Mortise, 1,000,000 records', axios: 'axios + zod, 1,000,000 records' })}

${targetTable(memory, (figure) => figure.toFixed(0))}
`;
await writeFile(new URL('../../../docs/performance.md', import.meta.url), page);
process.stdout.write(page);
const missed = [...speed, ...memory].filter((target) => !isMet(target));
process.stdout.write(
  `\n${missed.length === 0 ? 'All targets met.' : `Missed: ${missed.map(({ what }) => what).join('; ')}.`}\n`,
);
