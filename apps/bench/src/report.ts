import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { type Measurement, type Spread, spread } from './rounds.ts';

/** A limit that the figures are held against. */
export interface Target {
  readonly what: string;
  readonly value: Spread;
  /** What the median must reach, or stay below. */
  readonly limit: number;
  readonly direction: 'at least' | 'at most';
}

/** One part of the page. */
export interface BenchSection {
  readonly heading: string;
  /** Markdown below the heading. */
  readonly body: string;
  readonly targets: readonly Target[];
}

const two = (figure: number): string => figure.toFixed(2);
const whole = (figure: number): string => Math.round(figure).toLocaleString('en');
const range = ({ low, median, high }: Spread, show: (figure: number) => string): string =>
  `${show(median)} (${show(low)} to ${show(high)})`;

/** Whether the median keeps to the limit. */
export const isMet = ({ value, limit, direction }: Target): boolean =>
  direction === 'at least' ? value.median >= limit : value.median <= limit;

/** Runs of each contender as a Markdown table. */
export const measurementTable = (
  measured: ReadonlyMap<string, readonly Measurement[]>,
  titles: Readonly<Record<string, string>>,
): string => {
  const rows = [...measured].map(([name, runs]) => {
    const rate = spread(runs.map(({ written, seconds }) => written / seconds));
    const cpu = spread(runs.map(({ cpuSeconds, written }) => (cpuSeconds / written) * 100_000));
    const memory = spread(runs.map(({ peakMegabytes }) => peakMegabytes));
    return `| ${titles[name] ?? name} | ${range(rate, whole)} | ${range(cpu, two)} | ${range(memory, whole)} |`;
  });
  return ['| contender | records/s | CPU s per 100,000 | peak memory, MB |', '|---|---|---|---|', ...rows].join('\n');
};

/** Targets as a Markdown table; a missed one says so. */
export const targetTable = (targets: readonly Target[], show: (figure: number) => string = two): string =>
  [
    '| target | median (lowest to highest) | limit | |',
    '|---|---|---|---|',
    ...targets.map((target) => {
      const { what, value, limit, direction } = target;
      return `| ${what} | ${range(value, show)} | ${direction} ${limit} | ${isMet(target) ? 'met' : '**missed**'} |`;
    }),
  ].join('\n');

const commit = (): string => {
  try {
    const id = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
    const changed = execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' }).trim() !== '';
    return changed ? `${id} with uncommitted changes` : id;
  } catch {
    return 'unknown';
  }
};

/** Where and on what the figures were taken. */
export const circumstances = (): string => {
  const [first] = cpus();
  return `Commit ${commit()}, Node ${process.version}, ${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), loopback.`;
};
