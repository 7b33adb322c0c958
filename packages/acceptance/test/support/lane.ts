import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Crm, startCrm } from './crm-process.ts';
import type { ProcessOrders, ProcessReport } from './sync-process.ts';

const program = join(import.meta.dirname, 'sync-process.ts');

/** How a syncing process ended. */
export interface Ending {
  readonly signal: NodeJS.Signals | null;
  /** Its report, where it lived to give one. */
  readonly report: ProcessReport | undefined;
  /** The call after which it died, as it wrote down itself. */
  readonly diedAt: number | undefined;
}

/** A CRM and a state of its own: lanes run beside each other. */
export interface Lane {
  readonly crm: Crm;
  /** A new state and an empty CRM. */
  readonly startAfresh: () => Promise<void>;
  /** Runs the syncing process on what is there; with `killAt` it dies after that call. */
  readonly run: (options?: { readonly killAt?: number; readonly engine?: string }) => Promise<Ending>;
  readonly close: () => Promise<void>;
}

const runProcess = async (orders: ProcessOrders): Promise<Ending> => {
  const child = spawn(process.execPath, [program, JSON.stringify(orders)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (bytes: Buffer) => {
    output += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    complaint += bytes.toString();
  });
  const [code, signal]: (number | NodeJS.Signals | null)[] = await once(child, 'close');
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the syncing process failed: ${complaint}`);
  if (code === 0) return { signal: null, report: JSON.parse(output), diedAt: undefined };
  return { signal: 'SIGKILL', report: undefined, diedAt: Number(readFileSync(orders.countPath, 'utf8')) };
};

/** Opens a lane beside the shop. */
export const openLane = async (shopUrl: string): Promise<Lane> => {
  const folder = mkdtempSync(join(tmpdir(), 'lane-'));
  const crm = await startCrm(folder);
  const statePath = join(folder, 'state.db');
  const countPath = join(folder, 'count');
  const shared = { shopUrl, crmUrl: crm.url, statePath, countPath, key: randomBytes(32).toString('base64') };
  return {
    crm,
    startAfresh: async () => {
      for (const end of ['', '-wal', '-shm']) rmSync(`${statePath}${end}`, { force: true });
      await crm.reset();
    },
    run: ({ killAt, engine = '@mortise/sync' } = {}) => {
      rmSync(countPath, { force: true });
      return runProcess({ ...shared, killAt, engine });
    },
    close: async () => {
      await crm.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
