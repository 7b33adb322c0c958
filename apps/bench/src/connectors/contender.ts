// One contender of the connector bench in a process of its own: `contender.ts NAME URL`. Prints records per second.
import { bareClient, guardedClient, mortise, type ReadAll } from './hubspot.ts';

const warmUpMs = 1_000;
const measuredMs = 2_500;

const [name = '', url = ''] = process.argv.slice(2);
const contenders: Readonly<Record<string, (url: string) => Promise<ReadAll>>> = { mortise, guardedClient, bareClient };

const read = await contenders[name]?.(url);
if (read === undefined) throw new Error(`there is no contender '${name}'`);

const rate = async (forMs: number): Promise<number> => {
  const start = performance.now();
  let records = 0;
  while (performance.now() - start < forMs) records += await read();
  return records / ((performance.now() - start) / 1_000);
};
await rate(warmUpMs);
process.stdout.write(`${await rate(measuredMs)}\n`);
process.exit(0);
