import { expect, test } from 'vitest';
import { type AnyConnector, checks, judge, type World } from '../../src/index.ts';
import { brokenWrites } from './broken/writes.ts';
import { reference } from './reference/connector.ts';
import { world } from './reference/world.ts';

/** The reference vendor as one whose things are only set by a write: each is there before. */
const settingWorld: World = {
  ...world,
  start: async () => {
    const session = await world.start();
    const { things } = session.resources;
    if (things === undefined) return session;
    let put = 0;
    const sample = (index: number) => {
      for (; put <= index; put += 1) things.put?.(1);
      // As the reference names what is put, in this order.
      return { sku: `PUT-${index + 1}`, name: `Set ${index}` };
    };
    return { ...session, resources: { things: { ...things, sample, setsOnly: true } } };
  },
};

const judged = ['written-once', 'partial-failure-per-record', 'lost-answer-makes-no-duplicate'];

const statesOf = async (connector: AnyConnector): Promise<Readonly<Record<string, string | undefined>>> => {
  const { verdicts } = judge(connector, settingWorld);
  const states: Record<string, string | undefined> = {};
  for (const check of checks.filter(({ id }) => judged.includes(id))) {
    states[check.id] = (await verdicts(check)).things?.state;
  }
  return states;
};

test('a write that only sets what is there passes where it leaves no new record', async () => {
  expect(await statesOf(reference)).toEqual(Object.fromEntries(judged.map((id) => [id, 'passed'])));
});

test('a write that makes a record beside the one that it should set is caught', async () => {
  expect(await statesOf(brokenWrites['written-once']())).toMatchObject({ 'written-once': 'failed' });
});
