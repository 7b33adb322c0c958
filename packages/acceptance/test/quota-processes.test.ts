import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '@mortise/store';
import { expect, onTestFinished, test } from 'vitest';
import { fullestWindow, type LoggedRequest, requestsByProcess, runWorkers } from './support/quota-workers.ts';

const quota = { requests: 190, perMs: 10_000 };
const key = randomBytes(32).toString('base64');

const freshState = async (name = 'state.db') => {
  const folder = mkdtempSync(join(tmpdir(), 'quota-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const statePath = join(folder, name);
  await (await openStore({ path: statePath, key: Buffer.from(key, 'base64') })).close();
  return statePath;
};

const four = { ...quota, key, workers: 4, callers: 24, untilMs: 120_000 };

/** Share of the quota that was used up to the end of the run. */
const used = (log: readonly LoggedRequest[]): number => log.length / (quota.requests * (four.untilMs / quota.perMs));

const tell = (log: readonly LoggedRequest[]): void => {
  const share = `${(used(log) * 100).toFixed(1)} % used`;
  console.log(
    `quota: fullest window ${fullestWindow(log, quota.perMs)}, ${share}, by process ${requestsByProcess(log)}`,
  );
};

test('four processes lease one quota of 190 per 10 s: no window of the server is above it, and 85 % of it are used', async () => {
  const log = await runWorkers({ ...four, statePath: await freshState() });
  tell(log);
  expect(fullestWindow(log, quota.perMs)).toBeLessThanOrEqual(quota.requests);
  expect(used(log)).toBeGreaterThanOrEqual(0.85);
  // Nobody starves: each gets at least half of an even share.
  expect(Math.min(...requestsByProcess(log))).toBeGreaterThan(log.length / 8);
}, 120_000);

test('a worker killed in the middle and started again neither forgets nor doubles what was granted', async () => {
  const statePath = await freshState();
  const log = await runWorkers({ ...four, statePath, kill: { atRequest: 640, statePath } });
  tell(log);
  expect(requestsByProcess(log)).toHaveLength(5);
  expect(fullestWindow(log, quota.perMs)).toBeLessThanOrEqual(quota.requests);
  expect(used(log)).toBeGreaterThanOrEqual(0.85);
}, 120_000);

test('a worker started again on another state goes above the quota: the server sees it', async () => {
  const kill = { atRequest: 640, statePath: await freshState('other.db') };
  const log = await runWorkers({ ...four, untilMs: 50_000, statePath: await freshState(), kill });
  expect(fullestWindow(log, quota.perMs)).toBeGreaterThan(quota.requests);
}, 120_000);

test('four processes that share nothing use the quota four times', async () => {
  const log = await runWorkers({ ...four, untilMs: 12_000, statePath: undefined });
  expect(fullestWindow(log, quota.perMs)).toBe(4 * quota.requests);
}, 120_000);
