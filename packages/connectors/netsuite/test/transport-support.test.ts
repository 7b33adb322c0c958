import { readFile } from 'node:fs/promises';
import { requiredPermissions } from '@mortise/runtime/auth';
import { expect, test } from 'vitest';
import netsuite, { apiFacts, rolePermissions, transportSupport } from '../src/index.ts';

const page = await readFile(new URL('../README.md', import.meta.url), 'utf8');

test('every operation of every resource exists on both transports', () => {
  expect(transportSupport.filter(({ soap, rest }) => !soap || !rest)).toEqual([]);
  const offered = Object.entries(netsuite.resources).flatMap(([resource, { operations }]) =>
    Object.keys(operations).map((operation) => `${resource}.${operation}`),
  );
  expect(transportSupport.map(({ resource, operation }) => `${resource}.${operation}`).toSorted()).toEqual(
    offered.toSorted(),
  );
});

test('the page prints which operation exists on which transport', () => {
  const mark = (has: boolean) => (has ? 'yes' : 'no');
  for (const { resource, operation, soap, rest } of transportSupport) {
    const row = new RegExp(`\\| ${resource} +\\| ${operation} +\\| ${mark(soap)} +\\| ${mark(rest)} +\\|`);
    expect(page).toMatch(row);
  }
});

test('the page names each version, its end and every permission', () => {
  const names = Object.values(rolePermissions).flatMap((each) =>
    Array.isArray(each) ? each : Object.values(each).flat(),
  );
  for (const name of names) expect(page).toContain(`\`${name}\``);
  const ends = { soap: apiFacts.soap.sunset, rest: 'no end is named' };
  const plain = page.replaceAll('`', '');
  expect(plain).toMatch(new RegExp(`\\| version +\\| ${apiFacts.soap.version}[^|]*\\| ${apiFacts.rest.version} +\\|`));
  expect(plain).toMatch(new RegExp(`\\| ends +\\| ${ends.soap}[^|]*\\| ${ends.rest} +\\|`));
});

test('the example of the page is the one that is compiled', async () => {
  const example = await readFile(new URL('./example.ts', import.meta.url), 'utf8');
  expect(page).toContain(`\`\`\`ts\n${example}\`\`\``);
});

test('reading stock needs one permission, writing orders two', () => {
  expect(requiredPermissions(netsuite, { stockLevels: ['list'] })).toEqual(['Items: View']);
  expect(requiredPermissions(netsuite, { salesOrders: ['upsert'] })).toEqual([
    'Sales Order: Edit',
    'Sales Order: View',
  ]);
});
