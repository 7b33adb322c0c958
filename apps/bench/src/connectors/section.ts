import { execFile, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BenchSection, type Target, targetTable } from '../report.ts';
import { type BenchServer, type Spread, spread } from '../rounds.ts';

const runFile = promisify(execFile);
const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const latencyMs = 20;
/** Enough that the first page and the question after the last one weigh little. */
const pages = 100;
const rounds = 5;
/** The loops take seconds a pass. */
const latencyRounds = 3;

const titles: Readonly<Record<string, string>> = {
  mortiseHubspot: 'HubSpot: Mortise, everything on',
  hubspotClient: 'HubSpot: `@hubspot/api-client` with its limiter and retries',
  bareHubspotClient: 'HubSpot: `@hubspot/api-client` without them',
  mortiseShopify: 'Shopify: Mortise, everything on',
  shopifyClient: 'Shopify: `@shopify/admin-api-client` with its retries',
  aheadByCursor: 'Mortise: cursor, two pages ahead, each page written',
  loopByCursor: 'by hand: axios, cursor, each page written',
  sideBySide: 'Mortise: offset, 16 pages side by side',
  loopByOffset: 'by hand: axios, offset',
  windowsAtOnce: 'Mortise: search, 16 windows side by side',
  loopByWindow: 'by hand: axios, search behind the last stamp',
};

const startServer = async (latency: number): Promise<BenchServer> => {
  const child = fork(pathOf('./server.ts'), [String(pages), String(latency)]);
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('exit', (code) => reject(new Error(`the vendors' server ended with ${code} before it was ready`)));
  });
  return { url, stop: () => child.disconnect() };
};

type Rates = ReadonlyMap<string, readonly number[]>;

/** Records per second of each contender; they take turns, so that a slow spell of the machine falls on all of them. */
const measureRates = async (
  contenders: readonly string[],
  { latency, turns }: { readonly latency: number; readonly turns: number },
): Promise<Rates> => {
  const server = await startServer(latency);
  const rates = new Map<string, number[]>(contenders.map((name) => [name, []]));
  try {
    for (let round = 0; round < turns; round += 1) {
      for (const name of contenders) {
        const { stdout } = await runFile(process.execPath, [pathOf('./contender.ts'), name, server.url]);
        const rate = Number(stdout.trim().split('\n').at(-1));
        rates.get(name)?.push(rate);
        process.stderr.write(`${name}, ${latency} ms, round ${round + 1}: ${rate.toFixed(0)} records/s\n`);
      }
    }
  } finally {
    server.stop();
  }
  return rates;
};

const ratios = (rates: Rates, [of, against]: readonly [of: string, against: string]): Spread =>
  spread((rates.get(of) ?? []).map((rate, round) => rate / (rates.get(against)?.[round] ?? Number.NaN)));

const whole = (figure: number): string => Math.round(figure).toLocaleString('en');

const rateTable = (rates: Rates): string =>
  [
    '| contender | records/s, median (lowest to highest) |',
    '|---|---|',
    ...[...rates].map(([name, runs]) => {
      const { low, median, high } = spread(runs);
      return `| ${titles[name] ?? name} | ${whole(median)} (${whole(low)} to ${whole(high)}) |`;
    }),
  ].join('\n');

/** Two contenders of some rates, by whose ratio a target goes. */
interface Held {
  readonly rates: Rates;
  readonly pair: readonly [of: string, against: string];
  readonly limit: number;
}

const atLeast = (what: string, { rates, pair, limit }: Held): Target => ({
  ...{ what, value: ratios(rates, pair), limit },
  direction: 'at least',
});

/** Reads of whole lists by the connectors against the vendors' own clients, and against loops by hand under latency. */
export const connectorsSection = async (): Promise<BenchSection> => {
  const clients = ['mortiseHubspot', 'hubspotClient', 'bareHubspotClient', 'mortiseShopify', 'shopifyClient'];
  const plain = await measureRates(clients, { latency: 0, turns: rounds });
  const loops = ['aheadByCursor', 'loopByCursor', 'sideBySide', 'loopByOffset', 'windowsAtOnce', 'loopByWindow'];
  const slow = await measureRates(loops, { latency: latencyMs, turns: latencyRounds });
  const targets = [
    atLeast('HubSpot reads against `@hubspot/api-client`', {
      rates: plain,
      pair: ['mortiseHubspot', 'hubspotClient'],
      limit: 4,
    }),
    atLeast('Shopify reads against `@shopify/admin-api-client`', {
      rates: plain,
      pair: ['mortiseShopify', 'shopifyClient'],
      limit: 1.2,
    }),
    atLeast('a cursor at 20 ms against a loop by hand', {
      rates: slow,
      pair: ['aheadByCursor', 'loopByCursor'],
      limit: 1.8,
    }),
    atLeast('offsets at 20 ms against a loop by hand', {
      rates: slow,
      pair: ['sideBySide', 'loopByOffset'],
      limit: 6,
    }),
    atLeast('windows of time at 20 ms against a loop by hand', {
      rates: slow,
      pair: ['windowsAtOnce', 'loopByWindow'],
      limit: 6,
    }),
  ];
  const bare = ratios(plain, ['mortiseHubspot', 'bareHubspotClient']);
  const body = `A list of ${whole(pages * 100)} records, 100 a page, from a server that answers bytes made before, read to its end again and
again; every run is a process of its own, the contenders take turns, ${rounds} rounds (${latencyRounds} under latency), ratios are taken round
by round. Mortise has validation, quota, deadlines, breaker and events on. The limiter of HubSpot's client is given as
many requests as our quota: what it costs is its own time. Without limiter and retries, as that client
is by default, Mortise reads ${bare.median.toFixed(2)} (${bare.low.toFixed(2)} to ${bare.high.toFixed(2)}) times as fast.

${rateTable(plain)}

At ${latencyMs} ms for each answer, reading and writing alike:

${rateTable(slow)}

${targetTable(targets)}`;
  return { heading: "Reads by connectors, against the vendors' clients", body, targets };
};
