import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { root } from './house.ts';

const setup = (file: string) => pathToFileURL(join(root, 'tools', 'setup', file)).href;

/** Runs a small module in a process of its own, as set-up's children are. */
const start = (code: string, options: { args?: string[]; env?: NodeJS.ProcessEnv } = {}) =>
  spawn(process.execPath, [...(options.args ?? []), '--input-type=module', '--eval', code], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const outputOf = async (child: ChildProcess): Promise<string> => {
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  await once(child, 'close');
  return output;
};

test('an unknown target gets one sentence that names the targets, and exit code 1', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'tools/setup/run.mjs'), 'nothing']);
  expect(status).toBe(1);
  expect(stdout.toString()).toBe('');
  expect(stderr.toString()).toMatch(/^.*unknown target nothing: use one of demo, bench, docs, test\n$/);
});

test('what the outer npm set does not reach what is started, how to reach the registry does', async () => {
  const code = `import { childEnvironment, stepEnvironment } from '${setup('environment.mjs')}';
    console.log(JSON.stringify([childEnvironment(), stepEnvironment()]));`;
  const env = {
    npm_config_json: 'true',
    npm_lifecycle_event: 'start',
    NPM_CONFIG_WORKSPACE: 'x',
    npm_config_proxy: 'http://proxy.example',
    NODE_OPTIONS: '--no-warnings',
  };
  const [child, step] = JSON.parse(await outputOf(start(code, { env })));
  for (const name of ['npm_config_json', 'npm_lifecycle_event', 'NPM_CONFIG_WORKSPACE'])
    expect(child[name]).toBeUndefined();
  expect(child.npm_config_proxy).toBe('http://proxy.example');
  expect(child.PATH.startsWith(join(root, 'node_modules', '.bin'))).toBe(true);
  expect([child.NODE_OPTIONS, step.NODE_OPTIONS]).toEqual(['--no-warnings', undefined]);
});

test('without npm on the PATH one sentence says what to install', async () => {
  const code = `import { findNpm } from '${setup('environment.mjs')}';
    try { findNpm(); } catch (error) { console.log(error.message); }`;
  expect(await outputOf(start(code, { env: { PATH: join(root, 'docs') } }))).toMatch(
    /^npm is not on the PATH: install Node/,
  );
});

test('copies of one signal count once, so that a Ctrl-C handed on by npm and by set-up arrives once', async () => {
  const code = `let count = 0;
    process.on('SIGINT', () => { count += 1; });
    for (let copy = 0; copy < 3; copy += 1) process.emit('SIGINT', 'SIGINT', 2);
    process.once('SIGTERM', () => { console.log('INT', count, 'TERM'); });
    process.emit('SIGTERM', 'SIGTERM', 15);`;
  const child = start(code, { args: ['--import', setup('single-signal.mjs')] });
  expect(await outputOf(child)).toBe('INT 1 TERM\n');
});

test('a signal reaches the target, and set-up ends as the target does', async () => {
  const target = "process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); console.log('ready');";
  const code = `import { runInTerminal } from '${setup('process.mjs')}';
    const { code } = await runInTerminal(process.execPath, { args: ['--eval', ${JSON.stringify(target)}], env: process.env });
    process.exitCode = code;`;
  const child = start(code);
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([7, null]);
});

const lockFolder = mkdtempSync(join(tmpdir(), 'mortise-lock-'));
const env = { LOCK_FOLDER: lockFolder };

afterAll(() => rmSync(lockFolder, { recursive: true, force: true }));

test('two set-ups of one checkout take turns', async () => {
  const code = `import { withLock } from '${setup('lock.mjs')}';
    import { setTimeout as wait } from 'node:timers/promises';
    await withLock(async () => {
      console.log('in ' + process.hrtime.bigint());
      await wait(100);
      console.log('out ' + process.hrtime.bigint());
    }, { say: () => {}, folder: process.env.LOCK_FOLDER });`;
  const outputs = await Promise.all([outputOf(start(code, { env })), outputOf(start(code, { env }))]);
  const steps = outputs
    .flatMap((output) => output.trim().split('\n'))
    .map((line) => ({ name: line.split(' ')[0], at: BigInt(line.split(' ')[1] ?? '0') }))
    .sort((left, right) => (left.at < right.at ? -1 : 1));
  expect(steps.map(({ name }) => name)).toEqual(['in', 'out', 'in', 'out']);
});

test('the lock of a process that was killed is freed', async () => {
  const held = `import { withLock } from '${setup('lock.mjs')}';
    await withLock(async () => { console.log('held'); await new Promise(() => setInterval(() => {}, 1000)); }, { say: () => {}, folder: process.env.LOCK_FOLDER });`;
  const first = start(held, { env });
  await once(first.stdout, 'data');
  first.kill('SIGKILL');
  await once(first, 'exit');
  const next = `import { withLock } from '${setup('lock.mjs')}';
    await withLock(async () => console.log('mine'), { say: () => {}, folder: process.env.LOCK_FOLDER });`;
  expect(await outputOf(start(next, { env }))).toBe('mine\n');
});
