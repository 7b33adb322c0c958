import { execFile, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const runFile = promisify(execFile);

/** What one run of a contender took, whole process. */
export const Measurement = z.object({
  written: z.number(),
  seconds: z.number(),
  cpuSeconds: z.number(),
  peakMegabytes: z.number(),
});

/** What one run of a contender took, whole process. */
export type Measurement = z.output<typeof Measurement>;

/** The bench server, in a process of its own. */
export interface BenchServer {
  readonly url: string;
  readonly stop: () => void;
}

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Starts the bench's source and destination with so many records. */
const startServer = async (records: number): Promise<BenchServer> => {
  const child = fork(pathOf('./sync/server.ts'), [String(records)]);
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('exit', (code) => reject(new Error(`the bench server ended with ${code} before it was ready`)));
  });
  return { url, stop: () => child.disconnect() };
};

/** Runs one contender once, in a process of its own. */
const measure = async (contender: string, url: string): Promise<Measurement> => {
  const { stdout } = await runFile(process.execPath, [pathOf('./sync/contender.ts'), contender, url]);
  return Measurement.parse(JSON.parse(stdout));
};

/** Runs the contenders in turn, so many rounds, so that a slow spell of the machine falls on all of them. */
export const interleave = async (
  contenders: readonly string[],
  { records, rounds }: { readonly records: number; readonly rounds: number },
): Promise<ReadonlyMap<string, readonly Measurement[]>> => {
  const server = await startServer(records);
  const measured = new Map<string, Measurement[]>(contenders.map((name) => [name, []]));
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const name of contenders) {
        const measurement = await measure(name, server.url);
        if (measurement.written !== records)
          throw new Error(`${name} wrote ${measurement.written} of ${records} records`);
        measured.get(name)?.push(measurement);
        process.stderr.write(`${name} ${records} records, round ${round + 1}: ${measurement.seconds.toFixed(2)} s\n`);
      }
    }
  } finally {
    server.stop();
  }
  return measured;
};

/** Lowest, middle and highest of some figures. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** The spread of figures; there must be one at least. */
export const spread = (figures: readonly number[]): Spread => {
  const sorted = figures.toSorted((left, right) => left - right);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  return { low: at(0), median: at(Math.floor((sorted.length - 1) / 2)), high: at(sorted.length - 1) };
};
