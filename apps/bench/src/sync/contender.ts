// Runs one contender once in a process of its own: `node contender.ts NAME URL`, and prints what it took.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [name, url = ''] = process.argv.slice(2);

/** Loaded one by one, so that no contender carries another's modules in its memory. */
const load = async (): Promise<(url: string, statePath: string) => Promise<number>> => {
  if (name === 'axios') return (await import('./axios-loop.ts')).axiosLoop;
  if (name === 'undici') return (await import('./undici-loop.ts')).undiciLoop;
  return (await import('./mortise-run.ts')).mortiseRun;
};

const folder = await mkdtemp(join(tmpdir(), 'mortise-bench-'));
try {
  const run = await load();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const written = await run(url, join(folder, 'state.sqlite'));
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  const peakMegabytes = process.resourceUsage().maxRSS / 1_024;
  process.stdout.write(`${JSON.stringify({ written, seconds, cpuSeconds, peakMegabytes })}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
