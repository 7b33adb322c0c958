import { expect, test } from 'vitest';
import { type ComparedSheet, sheetDifferences } from '../../src/index.ts';

type State = 'passed' | 'absent' | 'unproved' | 'failed';

const sheet = ({ get, complete }: { get: readonly string[] | 'absent'; complete: State }): ComparedSheet => ({
  checks: [{ check: 'api-facts-stated', state: 'passed' }],
  resources: { people: { operations: { list: [], get }, checks: [{ check: 'list-complete', state: complete }] } },
});

const whole = sheet({ get: ['people.read'], complete: 'passed' });

test('two sheets that say the same have no differences, whatever the permissions are called', () => {
  expect(sheetDifferences(whole, sheet({ get: [], complete: 'passed' }))).toEqual([]);
});

test('an operation that one of them lacks is told, and a whole resource operation by operation', () => {
  const resource = 'people';
  expect(sheetDifferences(whole, sheet({ get: 'absent', complete: 'passed' }))).toEqual([
    { kind: 'operation', resource, subject: 'get', states: ['yes', 'absent'] },
  ]);
  expect(sheetDifferences({ ...whole, resources: {} }, whole)).toEqual([
    { kind: 'operation', resource, subject: 'list', states: ['absent', 'yes'] },
    { kind: 'operation', resource, subject: 'get', states: ['absent', 'yes'] },
    { kind: 'verdict', resource, subject: 'list-complete', states: ['absent', 'passed'] },
  ]);
});

test('a check that both judged differently is told apart from one that only one could judge', () => {
  const differing = (complete: State) =>
    sheetDifferences(whole, sheet({ get: ['people.read'], complete })).map(({ kind }) => kind);
  expect(differing('failed')).toEqual(['verdict']);
  expect(differing('unproved')).toEqual(['proof']);
});
