/**
 * A second process for tests: node child.ts <action> <path> <key in base64>. Reads one byte from its input where it
 * waits, and prints one line when it is ready.
 */
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from '../src/index.ts';

const [, , action, path = '', key = ''] = process.argv;

/** Holds the write lock until a byte comes, then commits. */
const hold = async () => {
  const file = new DatabaseSync(path);
  file.exec('BEGIN IMMEDIATE');
  process.stdout.write('holding\n');
  await once(process.stdin, 'data');
  file.exec('COMMIT');
  file.close();
};

const openHere = () => openStore({ path, key: Buffer.from(key, 'base64') });

/** Commits batch after batch until killed: 25 links and a checkpoint that counts them. */
const commitForever = async () => {
  const store = await openHere();
  for (let batch = 1; ; batch += 1) {
    const keys = Array.from({ length: 25 }, (_, index) => `${batch}-${index}`);
    await store.commit({
      ...{ sync: 'products', connection: 'hubspot', run: 'run', at: batch, deadLetters: [], parked: [], settled: [] },
      links: keys.map((sourceKey) => ({
        sourceKey,
        destinationKey: 'd',
        fingerprint: 'f',
        base: { batch },
        action: 'create',
      })),
      checkpoint: { cursor: String(batch) },
    });
    process.stdout.write(`${batch}\n`);
  }
};

/** Opens, says how that went and how many of the links 1 and 2 are there, and closes. */
const tryToOpen = async () => {
  const answer = await openHere().then(
    async (store) => {
      const links = await store.readLinks('products', ['1', '2']);
      await store.close();
      return `opened ${links.size}`;
    },
    (thrown: { code: string; message: string }) => `${thrown.code} ${thrown.message}`,
  );
  process.stdout.write(`${answer}\n`);
};

/** Adds to one minute of this hour again and again, as a recorder of its own would. */
const addMetrics = async () => {
  const store = await openHere();
  const minute = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  const counts = { calls: 1, errors: { timeout: 1 }, histogram: [1] };
  for (let round = 0; round < 50; round += 1) {
    await store.metrics.add([{ connection: 'children', template: '/a', minute, ...counts }]);
  }
  await store.close();
  process.stdout.write('added\n');
};

const actions: Record<string, () => Promise<void>> = { hold, commitForever, tryToOpen, addMetrics };
await actions[action ?? '']?.();
process.exit(0);
