import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from '@mortise/runtime';
import { startHubSpotSandbox } from '@mortise/sandbox-hubspot';
import { drift, record, replay, virtualClock } from '@mortise/testing';
import { expect, onTestFinished, test } from 'vitest';
import hubspot from '../src/index.ts';
import { drive, noon, recordsOf } from './connection.ts';

const token = 'sandbox-token';

/** Reads as an application would: changed contacts over several pages, one by its id, and one that is not there. */
const readAll = async (baseUrl: string, credential = token) => {
  const clock = virtualClock(noon);
  const limits = { requestTimeoutMs: 2e9, callTimeoutMs: 2e9, quotaReserve: 0 };
  const connection = { settings: { baseUrl }, credentials: { token: credential }, clock, random: () => 0, limits };
  const crm = open(hubspot, { ...connection, events: () => undefined });
  const window = { since: new Date(0), until: new Date(noon), pageSize: 5 };
  const records = await drive(clock, recordsOf(crm.contacts.list(window)));
  const first = await drive(clock, crm.contacts.get(records[0]?.id ?? ''));
  const absent = await drive(clock, crm.contacts.find({ field: 'properties.email', value: 'nobody@example.test' }));
  return { records, first, absent };
};

const folder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'mortise-hubspot-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
};

/** Records a reading of a sandbox of its own. */
const recording = async (path: string) => {
  const sandbox = await startHubSpotSandbox({ clock: virtualClock(noon), seed: { number: 7, contacts: 17 } });
  const proxy = await record({ target: sandbox.url, cassette: path, secrets: [token] });
  const read = await readAll(proxy.url);
  const cassette = await proxy.close();
  await sandbox.close();
  return { read, cassette };
};

test('a reading that was recorded once gives the same records offline, with other credentials', async () => {
  const path = join(await folder(), 'contacts.json');
  const { read } = await recording(path);
  expect(read.records).toHaveLength(17);
  expect(await readFile(path, 'utf8')).not.toContain(token);
  const replayed = await replay({ cassette: path });
  onTestFinished(() => replayed.close());
  expect(await readAll(replayed.url, 'any-other-token')).toEqual(read);
  expect([replayed.unmatched(), replayed.unused()]).toEqual([[], []]);
});

test('a fresh recording of the same vendor does not drift, and a field that it changed is reported', async () => {
  const { cassette } = await recording(join(await folder(), 'first.json'));
  const { cassette: fresh } = await recording(join(await folder(), 'second.json'));
  expect(await drift(cassette, fresh)).toEqual([]);
  const renamed = JSON.parse(JSON.stringify(fresh).replaceAll('\\"lastname\\"', '\\"lastName\\"'));
  expect(await drift(cassette, renamed)).toEqual([
    expect.stringMatching(/^POST .+\/search 200: field 'results\[\]\.properties\.lastname' has vanished$/),
    expect.stringMatching(/^POST .+\/search 200: field 'results\[\]\.properties\.lastName' is new \(.+\)$/),
    expect.stringMatching(/^GET .+\/\{id\} 200: field 'properties\.lastname' has vanished$/),
    expect.stringMatching(/^GET .+\/\{id\} 200: field 'properties\.lastName' is new \(.+\)$/),
  ]);
});
