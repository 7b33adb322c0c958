// Runs one contender in a process of its own: `node contender.ts NAME`, and prints its records a second.
import { contenders } from './contenders.ts';
import { pageSize } from './records.ts';

const [name = ''] = process.argv.slice(2);
const make = contenders[name];
if (make === undefined) throw new Error(`there is no contender '${name}'`);
const work = make();

let sink = 0;

/** Pages handled in so many milliseconds, a second's worth. */
const rate = (milliseconds: number): number => {
  const startedAt = performance.now();
  let pages = 0;
  while (performance.now() - startedAt < milliseconds) {
    for (let page = 0; page < 20; page += 1) sink += work();
    pages += 20;
  }
  return (pages * pageSize * 1_000) / (performance.now() - startedAt);
};

rate(250);
const recordsPerSecond = rate(500);
process.stdout.write(`${JSON.stringify({ recordsPerSecond, sink })}\n`);
