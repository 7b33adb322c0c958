// One contender of the SOAP bench in a process of its own: `contender.ts <mortise|soap|byHand|hostile> <url>`. Prints JSON.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { byHandCall } from './by-hand.ts';
import { hostileDocuments } from './hostile.ts';
import { mortiseCall, refusedCall } from './mortise-client.ts';
import { soapCall } from './soap-client.ts';

const warmUpMs = 800;
const measuredMs = 2_500;
const hostileRounds = 7;

const callsPerSecond = async (call: () => Promise<number>): Promise<number> => {
  const loop = async (forMs: number) => {
    const start = performance.now();
    let calls = 0;
    while (performance.now() - start < forMs) {
      if ((await call()) !== 100) throw new Error('a page did not hold 100 customers');
      calls += 1;
    }
    return (calls / (performance.now() - start)) * 1_000;
  };
  await loop(warmUpMs);
  return loop(measuredMs);
};

/** Milliseconds until each hostile document was refused, and the longest that the event loop stood still. */
const refusals = async (url: string) => {
  const measured: Record<string, { code: string; milliseconds: number[]; blocked: number[] }> = {};
  for (const [index, title] of Object.keys(hostileDocuments).entries()) {
    const call = await refusedCall(`${url}/hostile/${index}`);
    const runs = { code: await call(), milliseconds: [] as number[], blocked: [] as number[] };
    for (let round = 0; round < hostileRounds; round += 1) {
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const start = performance.now();
      await call();
      runs.milliseconds.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 5));
      delay.disable();
      runs.blocked.push(delay.max / 1e6);
    }
    measured[title] = runs;
  }
  return measured;
};

const [, , contender = '', url = ''] = process.argv;
const run: Record<string, () => Promise<unknown>> = {
  mortise: async () => callsPerSecond(await mortiseCall(url)),
  byHand: async () => callsPerSecond(await byHandCall(url)),
  soap: async () => callsPerSecond(await soapCall(url)),
  hostile: () => refusals(url),
};
process.stdout.write(JSON.stringify(await run[contender]?.()));
