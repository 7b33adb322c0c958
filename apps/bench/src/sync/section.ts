import { type BenchSection, measurementTable, type Target, targetTable } from '../report.ts';
import { interleave, type Measurement, spread } from '../rounds.ts';

const titles = {
  mortise: 'Mortise, everything on',
  axios: 'by hand: axios + zod, sequential, no state',
  undici: 'by hand: undici, pipelined, links and checkpoint in SQLite (the limit)',
};
const contenders = Object.keys(titles);

type Runs = ReadonlyMap<string, readonly Measurement[]>;

const pairs = (
  measured: Runs,
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

const speedTargets = (measured: Runs): Target[] => [
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

const memoryTarget = (runs: Runs, records: number): Target => ({
  what: `peak memory above the bare loop's at ${records.toLocaleString('en')} records, MB`,
  value: pairs(runs, { of: 'mortise', against: 'axios', by: moreMemory }),
  limit: 40,
  direction: 'at most',
});

/** A sync of small records end to end, against the loops that users would write instead. */
export const syncSection = async ({
  records,
  rounds,
}: {
  readonly records: number;
  readonly rounds: number;
}): Promise<BenchSection> => {
  const measured = await interleave(contenders, { records, rounds });
  const few = await interleave(['mortise', 'axios'], { records: 10_000, rounds: 3 });
  const many = await interleave(['mortise', 'axios'], { records: 1_000_000, rounds: 3 });
  const speed = speedTargets(measured);
  const memory = [memoryTarget(few, 10_000), memoryTarget(measured, records), memoryTarget(many, 1_000_000)];
  const body = `Paged REST source, 100 a page, through validation, mapping and a SQLite commit a page into a batched destination;
every run is a process of its own, the contenders take turns, ${rounds} rounds, ratios are taken round by round.

${measurementTable(measured, titles)}

${targetTable(speed)}

Memory:

${measurementTable(few, { mortise: 'Mortise, 10,000 records', axios: 'axios + zod, 10,000 records' })}

${measurementTable(many, { mortise: 'Mortise, 1,000,000 records', axios: 'axios + zod, 1,000,000 records' })}

${targetTable(memory, (figure) => figure.toFixed(0))}`;
  return { heading: `A sync of ${records.toLocaleString('en')} small records`, body, targets: [...speed, ...memory] };
};
