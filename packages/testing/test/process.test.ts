import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isRecord } from '../src/index.ts';
import { send } from './fixtures/notes.ts';

const program = join(import.meta.dirname, 'fixtures', 'notes-process.ts');

async function started(
  database: string,
): Promise<{ child: ChildProcess; url: string; ready: unknown; output: () => string }> {
  const child = fork(program, [database], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  onTestFinished(() => void child.kill('SIGKILL'));
  const [ready] = await once(child, 'message');
  return { child, url: isRecord(ready) ? String(ready.url) : '', ready, output: () => output };
}

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'notes.db');
}

test('state and logs survive kill -9, and numbering goes on', async () => {
  const file = temporaryFile();
  const first = await started(file);
  await send(first.url, '/notes', { method: 'POST', body: { text: 'a' } });
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const second = await started(file);
  expect(await send(second.url, '/notes')).toEqual({ status: 200, text: '{"notes":["a"]}' });
  expect(await send(second.url, '/__sandbox/writes')).toMatchObject({
    text: expect.stringContaining('"key":"a","request":1}'),
  });
  expect(await send(second.url, '/__sandbox/requests')).toMatchObject({
    text: expect.stringContaining('"sequence":2'),
  });
});

test('it says that it is ready in one line and over IPC, and no warning is printed', async () => {
  const { child, url, ready, output } = await started(temporaryFile());
  expect(ready).toEqual({ ready: true, url, vendor: 'notes' });
  child.kill('SIGTERM');
  await once(child, 'close');
  expect(output()).toBe(`${JSON.stringify(ready)}\n`);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it with exit code 0', async (signal) => {
  const { child } = await started(temporaryFile());
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('it ends when its parent goes away', async () => {
  const { child } = await started(temporaryFile());
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});
