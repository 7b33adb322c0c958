import { expect, test } from 'vitest';
import { findRows, rowsWithin } from '../../src/conformance/rows.ts';

/** A page of parents, each with a list of its own. */
const page = {
  data: {
    items: {
      nodes: [
        { id: 'item-1', levels: { nodes: [{ id: 'level-1', onHand: 1 }] } },
        { id: 'item-2', levels: { edges: [{ node: { id: 'level-2', onHand: 2 } }, { node: { id: 'level-9' } }] } },
      ],
    },
  },
};
const known = { key: 'id', ids: new Set(['level-1', 'level-2']) };

test('the rows of a page are found in every list that holds some of them', () => {
  expect(rowsWithin(page, known)).toEqual([
    { id: 'level-1', onHand: 1 },
    { id: 'level-2', onHand: 2 },
  ]);
});

test('the list of a page is the one nearest to the top that holds a row', () => {
  expect(findRows(page, known)?.rows).toEqual([{ id: 'level-1', onHand: 1 }]);
  expect(findRows(page, { key: 'id', ids: new Set(['item-2']) })?.rows.map(({ id }) => id)).toEqual([
    'item-1',
    'item-2',
  ]);
});
