import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type BenchSection, type Target, targetTable } from '../report.ts';
import { type Spread, spread } from '../rounds.ts';
import type { Order } from './contender.ts';
import { type Line, lines } from './lines.ts';

/** What one run of a line took. */
interface Run {
  readonly requests: number;
  readonly seconds: number;
  readonly cpuMicroseconds: number;
}

/** Milliseconds for which each contender runs each line, each round. */
const runMs = 250;
/** Before the first round: code is only compiled well once it has run some ten thousand times. */
const warmUpMs = 1_500;

const titles: Readonly<Record<string, string>> = {
  undici: 'undici.request',
  mortise: 'Mortise',
  ky: 'ky',
  axios: 'axios + axios-retry',
  got: 'got',
};

const nextMessage = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`a process of the bench ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });

const start = async (file: string, ...args: readonly string[]) => {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args);
  return { child, first: await nextMessage(child) };
};

/** All runs, by line and contender, in the order of the rounds. */
type Runs = ReadonlyMap<string, readonly Run[]>;

const keyOf = (line: string, contender: string): string => `${line} ${contender}`;

interface Processes {
  readonly origins: Readonly<Record<Line['server'], string>>;
  readonly contenders: ReadonlyMap<string, ChildProcess>;
}

/** Runs one line by one contender. */
const runLine = async (processes: Processes, line: Line, given: { contender: string; milliseconds: number }) => {
  const url = `${processes.origins[line.server]}${line.path}`;
  const { contender, milliseconds } = given;
  const order: Order = {
    url,
    atOnce: line.atOnce,
    milliseconds,
    fails: line.fails === true,
    byLane: line.byLane === true,
  };
  const child = processes.contenders.get(contender);
  if (child === undefined) throw new Error(`there is no contender '${contender}'`);
  child.send(order);
  return (await nextMessage(child)) as Run; // what ./contender.ts sends
};

/** Each round runs each line by each contender in turn, so that a slow spell of the machine falls on all of them. */
const runRounds = async (processes: Processes, rounds: number): Promise<Runs> => {
  const runs = new Map<string, Run[]>();
  for (let round = 0; round <= rounds; round += 1) {
    const isWarmUp = round === 0;
    for (const [name, line] of Object.entries(lines)) {
      for (const contender of rotated(line.contenders, round)) {
        const run = await runLine(processes, line, { contender, milliseconds: isWarmUp ? warmUpMs : runMs });
        const key = keyOf(name, contender);
        if (!isWarmUp) runs.set(key, [...(runs.get(key) ?? []), run]);
      }
    }
    process.stderr.write(isWarmUp ? 'http, warm\n' : `http, round ${round} of ${rounds}\n`);
  }
  return runs;
};

const measure = async (rounds: number): Promise<Runs> => {
  const server = await start('./server.ts');
  const contenders = new Map<string, ChildProcess>();
  for (const name of Object.keys(titles)) contenders.set(name, (await start('./contender.ts', name)).child);
  try {
    const origins = server.first as Processes['origins']; // what ./server.ts sends
    return await runRounds({ origins, contenders }, rounds);
  } finally {
    for (const child of [server.child, ...contenders.values()]) if (child.connected) child.disconnect();
  }
};

const rotated = <Item>(items: readonly Item[], by: number): readonly Item[] => {
  const offset = by % items.length;
  return [...items.slice(offset), ...items.slice(0, offset)];
};

const cpu = ({ cpuMicroseconds, requests }: Run): number => cpuMicroseconds / requests;
const rate = ({ requests, seconds }: Run): number => requests / seconds;

const ratio = (runs: Runs, { of, to, by }: { of: string; to: string; by: (run: Run) => number }): Spread => {
  const bases = runs.get(to) ?? [];
  return spread((runs.get(of) ?? []).flatMap((run, round) => (bases[round] ? [by(run) / by(bases[round])] : [])));
};

const two = ({ low, median, high }: Spread): string => `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;

const row = (runs: Runs, [name, line]: readonly [string, Line]): string => {
  const [base = ''] = line.contenders;
  const cells = Object.keys(titles).map((contender) => {
    if (!line.contenders.includes(contender)) return '';
    const own = runs.get(keyOf(name, contender)) ?? [];
    if (contender === base) return `1 = ${Math.round(spread(own.map(cpu)).median)} µs`;
    const given = { of: keyOf(name, contender), to: keyOf(name, base) };
    return `${two(ratio(runs, { ...given, by: cpu }))}; ${ratio(runs, { ...given, by: rate }).median.toFixed(2)}`;
  });
  return `| ${[line.title, ...cells].join(' | ')} |`;
};

const targetsOf = (runs: Runs, [name, line]: readonly [string, Line]): Target[] => {
  const mortise = keyOf(name, 'mortise');
  const target = (what: string, given: { to: string; limit: number }): Target => ({
    what: `${line.title}: CPU against ${what}`,
    value: ratio(runs, { of: mortise, to: given.to, by: cpu }),
    limit: given.limit,
    direction: 'at most',
  });
  const { limit, against } = line;
  const others = line.contenders.filter((contender) => contender !== 'mortise' && contender !== 'undici');
  return [
    ...(limit === undefined ? [] : [target('undici.request', { to: keyOf(name, 'undici'), limit })]),
    ...others.map((contender) => target(titles[contender] ?? contender, { to: keyOf(name, contender), limit: 1 })),
    ...(against === undefined ? [] : [target('short ids', { to: keyOf(against, 'mortise'), limit: 1.1 })]),
  ];
};

/** CPU time of a request over the whole call road, against the HTTP clients that users would take instead. */
export const httpSection = async ({ rounds }: { readonly rounds: number }): Promise<BenchSection> => {
  const runs = await measure(rounds);
  const targets = Object.entries(lines).flatMap((entry) => targetsOf(runs, entry));
  const names = Object.values(titles);
  const body = `Each contender and the server are processes of their own; the contenders take turns, ${rounds} rounds of ${runMs} ms a
line, ratios are taken round by round. CPU time per request as a multiple of the first contender's, median (lowest to
highest); behind the semicolon requests per second as a multiple of its rate. undici.request reads and parses the body
and does nothing else; Mortise has auth, quota, retries, breaker, deadlines, exact integers and events on.

| | ${names.join(' | ')} |
|---|${names.map(() => '---').join('|')}|
${Object.entries(lines)
  .map((entry) => row(runs, entry))
  .join('\n')}

${targetTable(targets)}`;
  return { heading: 'A request over the call road', body, targets };
};
