import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { type BenchSection, type Target, targetTable } from '../report.ts';
import { type Spread, spread } from '../rounds.ts';
import { type SignedWebhook, signedWebhooks } from './requests.ts';

const titles = {
  mortise: 'Mortise: signature, sealed body, bounded inbox, safe on the disk before the 200',
  'bare-safe': 'by hand: node:http and one INSERT, `synchronous = FULL`; no signature, no encryption',
  'bare-fast': 'the same with `synchronous = NORMAL`: a power cut takes acknowledged deliveries back',
} as const;
type Contender = keyof typeof titles;
const contenders: readonly Contender[] = ['mortise', 'bare-safe', 'bare-fast'];

const connections = 32;
const webhooksPerRound = 1_000;
const warmUp = 200;
/** More rounds would take longer than a minute where the disk is slow. */
const mostRounds = 5;

interface Round {
  readonly perSecond: number;
  /** Longest wait of a sender for its 200, milliseconds. */
  readonly slowestMs: number;
}

/** Sends all of them over kept connections, each of which waits for its answer. */
const sendAll = async (url: string, webhooks: readonly SignedWebhook[]): Promise<Round> => {
  const pool = new Pool(url, { connections });
  let next = 0;
  let slowestMs = 0;
  const sender = async (): Promise<void> => {
    for (let webhook = webhooks[next++]; webhook !== undefined; webhook = webhooks[next++]) {
      const start = performance.now();
      const { statusCode, body } = await pool.request({ path: '/webhooks/shop', method: 'POST', ...webhook });
      await body.dump();
      if (statusCode !== 200) throw new Error(`a webhook of the bench was answered ${statusCode}`);
      slowestMs = Math.max(slowestMs, performance.now() - start);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, sender));
  const perSecond = (webhooks.length / (performance.now() - start)) * 1_000;
  await pool.close();
  return { perSecond, slowestMs };
};

/** One contender once, on a state of its own, warmed up. */
const measure = async (contender: Contender): Promise<Round> => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-webhooks-'));
  const program = fileURLToPath(new URL('./server.ts', import.meta.url));
  const child = fork(program, [contender, join(folder, 'state.db')]);
  try {
    const [url]: unknown[] = await once(child, 'message');
    const webhooks = signedWebhooks(webhooksPerRound + warmUp);
    await sendAll(String(url), webhooks.slice(0, warmUp));
    return await sendAll(String(url), webhooks.slice(warmUp));
  } finally {
    child.disconnect();
    await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  }
};

const whole = (figure: number): string => Math.round(figure).toLocaleString('en');
const range = ({ low, median, high }: Spread): string => `${whole(median)} (${whole(low)} to ${whole(high)})`;

const two = ({ low, median, high }: Spread): string => `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;

const ratioTo = (rounds: ReadonlyMap<Contender, readonly Round[]>, other: Contender): Spread => {
  const others = rounds.get(other) ?? [];
  return spread(
    (rounds.get('mortise') ?? []).map(({ perSecond }, round) => perSecond / (others[round]?.perSecond ?? 0)),
  );
};

/** Acknowledgements of webhooks a second, against the server that one writes by hand. */
export const webhooksSection = async ({ rounds: wanted }: { readonly rounds: number }): Promise<BenchSection> => {
  const rounds = Math.min(wanted, mostRounds);
  const measured = new Map<Contender, Round[]>(contenders.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) measured.get(contender)?.push(await measure(contender));
  }
  const rows = contenders.map((name) => {
    const runs = measured.get(name) ?? [];
    const rate = spread(runs.map(({ perSecond }) => perSecond));
    const slowest = spread(runs.map(({ slowestMs }) => slowestMs));
    return `| ${titles[name]} | ${range(rate)} | ${range(slowest)} |`;
  });
  const slowest = spread((measured.get('mortise') ?? []).map(({ slowestMs }) => slowestMs));
  const ratios: readonly Target[] = [
    {
      what: 'rate against one INSERT as safe',
      value: ratioTo(measured, 'bare-safe'),
      limit: 0.5,
      direction: 'at least',
    },
  ];
  const times: readonly Target[] = [
    { what: 'slowest acknowledgement, ms', value: slowest, limit: 1_000, direction: 'at most' },
  ];
  const body = `${whole(webhooksPerRound)} signed webhooks of about 1.5 KB over ${connections} kept connections, a state file of its own each
round, ${rounds} rounds, contenders in turn; sender and server share the machine's cores.

| receiver | acknowledged/s | slowest, ms |
|---|---|---|
${rows.join('\n')}

Against the less safe INSERT the ratio is ${two(ratioTo(measured, 'bare-fast'))}.

${targetTable(ratios)}

${targetTable(times, (figure) => figure.toFixed(0))}`;
  return { heading: 'Webhooks acknowledged', body, targets: [...ratios, ...times] };
};
