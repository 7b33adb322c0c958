// One contender of the connector bench in a process of its own: `contender.ts NAME URL`. Prints records per second.
import { bareHubspotClient, hubspotClient, mortiseHubspot } from './hubspot.ts';
import { aheadByCursor, loopByCursor, loopByOffset, sideBySide } from './latency.ts';
import type { ReadAll } from './read-all.ts';
import { mortiseShopify, shopifyClient } from './shopify.ts';

const warmUpMs = 1_000;
const measuredMs = 2_000;

const contenders: Readonly<Record<string, (url: string) => Promise<ReadAll>>> = {
  ...{ mortiseHubspot, hubspotClient, bareHubspotClient },
  ...{ mortiseShopify, shopifyClient },
  ...{ aheadByCursor, loopByCursor, sideBySide, loopByOffset },
};
const [name = '', url = ''] = process.argv.slice(2);
const read = await contenders[name]?.(url);
if (read === undefined) throw new Error(`there is no contender '${name}'`);

const rate = async (forMs: number): Promise<number> => {
  const start = performance.now();
  let records = 0;
  while (performance.now() - start < forMs) records += await read();
  return records / ((performance.now() - start) / 1_000);
};
await rate(warmUpMs);
// A client may have written to the same stream: the figure is the last line.
process.stdout.write(`\n${await rate(measuredMs)}\n`);
process.exit(0);
