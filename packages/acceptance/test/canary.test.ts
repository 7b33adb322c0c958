import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { type CanaryName, canaries, formsOf, found } from './support/canary/canaries.ts';
import type { CanaryOrders } from './support/canary/process.ts';
import { startQuotingVendor } from './support/canary/vendor.ts';

const program = fileURLToPath(new URL('support/canary/process.ts', import.meta.url));

/** Runs the host to its end of work, and gives what it printed and what lies in its state folder. */
const runHost = async (url: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'canary-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const orders: CanaryOrders = { url, path: join(folder, 'state.db'), key: randomBytes(32).toString('base64') };
  const child = spawn(process.execPath, [program, JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const errors: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
  const [message]: unknown[] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  const stderr = () => Buffer.concat(errors).toString();
  expect(message, stderr()).toEqual({ ready: true });
  const files = readdirSync(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
  // Chunks are joined first: a secret must not hide where one ends.
  return { stdout: Buffer.concat(chunks).toString(), stderr: stderr(), files, key: orders.key };
};

test('secrets and record values show in no output, event, span, error or file, in no form', async () => {
  const vendor = await startQuotingVendor();
  const { stdout, stderr, files, key } = await runHost(vendor.url);

  // They were really used: the vendor got them.
  const sent: CanaryName[] = [
    ...([
      'apiKey',
      'basicPassword',
      'clientSecret',
      'accessToken',
      'sessionToken',
      'bearerToken',
      'soapPassword',
    ] as const),
    ...(['headerValue', 'recordValue', 'queryValue', 'recordId'] as const),
  ];
  expect(found(vendor.received())).toEqual(expect.arrayContaining(sent));

  // And something was printed and kept: errors, events, spans, rows.
  expect(stderr).toContain('"type":"call-failed"');
  expect(stdout).toContain('"type":"call-failed"');
  expect(stdout).toContain('"http.request.method"');
  expect(stdout).toContain('ConnectorError');
  expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['state.db', 'state.db-wal']));

  expect(found(stdout)).toEqual([]);
  expect(found(stderr)).toEqual([]);
  for (const { name, bytes } of files) {
    expect([name, found(bytes.toString('latin1')), found(bytes.toString('utf8'))]).toEqual([name, [], []]);
    expect([name, bytes.includes(Buffer.from(key, 'base64'))]).toEqual([name, false]);
  }
}, 120_000);

test('the search finds a canary in every form, also where a line break parts it', () => {
  for (const [name, value] of Object.entries(canaries)) {
    for (const form of formsOf(value))
      expect([form, found(`before ${form} after`)]).toEqual([form, expect.arrayContaining([name])]);
    const middle = Math.floor(value.length / 2);
    expect(found(`${value.slice(0, middle)}\n    ${value.slice(middle)}`)).toContain(name);
    expect(found(Buffer.from(`user:${value}`).toString('base64'))).toContain(name);
  }
});
