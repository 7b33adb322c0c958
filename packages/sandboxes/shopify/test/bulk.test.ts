import { describe, expect, test } from 'vitest';
import { ask, at, smallShop, startedSandbox } from './started.ts';

const start =
  'mutation B($query: String!, $groupObjects: Boolean!) { bulkOperationRunQuery(query: $query, groupObjects: $groupObjects) { bulkOperation { id status } userErrors { code } } }';
const orders = '{ orders { edges { node { id name lineItems { edges { node { id sku } } } } } } }';

async function begun(sandbox: { url: string }, { query = orders, groupObjects = true } = {}) {
  const { data } = await ask(sandbox, start, { variables: { query, groupObjects } });
  const id = at(data, 'bulkOperationRunQuery.bulkOperation.id');
  const state = async () =>
    (
      await ask(
        sandbox,
        'query S($id: ID!) { bulkOperation(id: $id) { status errorCode objectCount rootObjectCount completedAt url } }',
        { variables: { id } },
      )
    ).data.bulkOperation;
  return { id, data, state };
}

const linesOf = async (url: unknown): Promise<{ id: string; __parentId?: string }[]> =>
  (await (await fetch(String(url))).text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('vendors.md 3, bulk operations; trap 10.2', () => {
  test('nested rows follow their parent and name it', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    const state = await (await begun(sandbox)).state();
    const lines = await linesOf(at(state, 'url'));
    expect(state).toMatchObject({ status: 'COMPLETED', objectCount: String(lines.length), rootObjectCount: '20' });
    let parent = '';
    for (const line of lines) {
      if (line.__parentId === undefined) parent = line.id;
      else expect(line.__parentId).toBe(parent);
    }
    expect(lines.filter(({ __parentId }) => __parentId !== undefined).length).toBe(39);
  });

  test('rows that are not grouped come in no order that helps', async () => {
    const sandbox = await startedSandbox({ seed: smallShop });
    const state = await (await begun(sandbox, { groupObjects: false })).state();
    const lines = await linesOf(at(state, 'url'));
    expect(lines.slice(0, 20).every(({ __parentId }) => __parentId === undefined)).toBe(true);
  });

  test("an operation runs on the clock, can be canceled, and takes one of the shop's places", async () => {
    let now = Date.UTC(2026, 10, 1);
    const clock = { now: () => now, schedule: () => () => {} };
    const sandbox = await startedSandbox({
      seed: smallShop,
      clock,
      settings: { bulkOperationMs: 60_000, bulkOperationsAtOnce: 2 },
    });
    const first = await begun(sandbox);
    const second = await begun(sandbox);
    expect(at(first.data, 'bulkOperationRunQuery.bulkOperation.status')).toBe('CREATED');
    expect(at((await begun(sandbox)).data, 'bulkOperationRunQuery.userErrors.0.code')).toBe('OPERATION_IN_PROGRESS');
    now += 1000;
    expect(await first.state()).toMatchObject({ status: 'RUNNING', completedAt: null, url: null });
    await ask(sandbox, 'mutation C($id: ID!) { bulkOperationCancel(id: $id) { userErrors { message } } }', {
      variables: { id: second.id },
    });
    const canceled = { status: 'CANCELED', completedAt: '2026-11-01T00:00:01Z', url: null };
    expect(await second.state()).toMatchObject(canceled);
    now += 60_000;
    expect(await first.state()).toMatchObject({ status: 'COMPLETED', completedAt: '2026-11-01T00:01:00Z' });
    expect(await second.state()).toMatchObject(canceled);
  });

  test('the file is gone after seven days, and its address is signed', async () => {
    let now = Date.UTC(2026, 10, 1);
    const sandbox = await startedSandbox({ seed: smallShop, clock: { now: () => now, schedule: () => () => {} } });
    const operation = await begun(sandbox);
    const url = String(at(await operation.state(), 'url'));
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url.replace(/Signature=.*/, 'Signature=x'))).status).toBe(403);
    now += 7 * 86_400_000;
    expect((await fetch(url)).status).toBe(400);
    expect(await operation.state()).toMatchObject({ status: 'EXPIRED', url: null });
  });

  test('an operation fails on demand, and a bad query does not start', async () => {
    const sandbox = await startedSandbox({ seed: smallShop, settings: { bulkFailure: 'TIMEOUT' } });
    expect(await (await begun(sandbox)).state()).toMatchObject({ status: 'FAILED', errorCode: 'TIMEOUT', url: null });
    const bad = await begun(sandbox, { query: '{ nothing }' });
    expect(at(bad.data, 'bulkOperationRunQuery.userErrors.0.code')).toBe('INVALID');
  });
});
