import { execFile, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type BenchSection, type Target, targetTable } from '../report.ts';
import { type BenchServer, type Spread, spread } from '../rounds.ts';
import { page } from './page.ts';

const runFile = promisify(execFile);
const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const titles = {
  mortise: 'Mortise, everything on',
  soap: 'the `soap` package, then zod',
  byHand: 'by hand: undici, fast-xml-parser with its validator, zod',
};
const contenders = ['mortise', 'soap', 'byHand'] as const;
type Contender = (typeof contenders)[number];
const rounds = 5;

const startServer = async (): Promise<BenchServer> => {
  const child = fork(pathOf('./server.ts'));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('exit', (code) => reject(new Error(`the SOAP server ended with ${code} before it was ready`)));
  });
  return { url, stop: () => child.disconnect() };
};

const run = async (contender: Contender | 'hostile', url: string): Promise<unknown> => {
  const { stdout } = await runFile(process.execPath, [pathOf('./contender.ts'), contender, url]);
  return JSON.parse(stdout);
};

type Rates = Readonly<Record<Contender, readonly number[]>>;

/** Calls per second of each contender; they take turns, so that a slow spell of the machine falls on all of them. */
const measureRates = async (url: string): Promise<Rates> => {
  const rates: Record<Contender, number[]> = { mortise: [], soap: [], byHand: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of contenders) {
      const rate = z.number().parse(await run(name, url));
      rates[name].push(rate);
      process.stderr.write(`${name} SOAP page, round ${round + 1}: ${rate.toFixed(0)} calls/s\n`);
    }
  }
  return rates;
};

const Refusals = z.record(
  z.string(),
  z.object({ code: z.string(), milliseconds: z.array(z.number()), blocked: z.array(z.number()) }),
);

const ratios = (rates: Rates, against: Contender): Spread =>
  spread(rates.mortise.map((rate, round) => rate / (rates[against][round] ?? Number.NaN)));

const rangeOf = ({ low, median, high }: Spread, digits: number): string =>
  `${median.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;

const rateRows = (rates: Rates): string =>
  contenders.map((name) => `| ${titles[name]} | ${rangeOf(spread(rates[name]), 0)} |`).join('\n');

const refusalRows = (refusals: z.output<typeof Refusals>): string =>
  Object.entries(refusals)
    .map(([title, { code, milliseconds, blocked }]) => {
      return `| ${title} | \`${code}\` | ${rangeOf(spread(milliseconds), 1)} | ${rangeOf(spread(blocked), 1)} |`;
    })
    .join('\n');

const refusalTargets = (refusals: z.output<typeof Refusals>): Target[] =>
  Object.entries(refusals).map(([title, { milliseconds, blocked }]) => {
    // The cases ask for the time of the whole refusal, and case 70 for how long the loop stood still.
    const isOfLoop = title.startsWith('case 70');
    return {
      what: `${title}, ms ${isOfLoop ? 'that the event loop stood still' : 'until it is refused'}`,
      value: spread(isOfLoop ? blocked : milliseconds),
      limit: isOfLoop ? 200 : 100,
      direction: 'at most',
    };
  });

/** A page of SOAP end to end against what users would pick instead, and what hostile documents cost. */
export const soapSection = async (): Promise<BenchSection> => {
  const server = await startServer();
  try {
    const rates = await measureRates(server.url);
    const refusals = Refusals.parse(await run('hostile', server.url));
    const speed: Target = {
      what: 'calls per second against the `soap` package',
      value: ratios(rates, 'soap'),
      limit: 2,
      direction: 'at least',
    };
    const hostile = refusalTargets(refusals);
    const body = `A page of 100 customers, ${Math.round(page().length / 1_000)} KB, asked for one call at a time and validated with zod. Every run is a process of its
own, the contenders take turns, ${rounds} rounds, ratios are taken round by round.

| contender | calls/s |
|---|---|
${rateRows(rates)}

${targetTable([speed])}

Documents that are made to keep a parser busy, over HTTP, until the call is refused:

| document | code | ms until it is refused | ms that the event loop stood still |
|---|---|---|---|
${refusalRows(refusals)}

${targetTable(hostile)}`;
    return { heading: 'A page of 100 SOAP records', body, targets: [speed, ...hostile] };
  } finally {
    server.stop();
  }
};
