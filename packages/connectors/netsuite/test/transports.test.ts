import { readFile } from 'node:fs/promises';
import { type CapabilitySheet, sheetDifferences } from '@mortise/testing';
import { expect, test } from 'vitest';

const sheetIn = async (file: string): Promise<CapabilitySheet> =>
  JSON.parse(await readFile(new URL(`../${file}`, import.meta.url), 'utf8'));

const differences = sheetDifferences(await sheetIn('conformance.json'), await sheetIn('conformance.soap.json'));

const printed = (kind: string): readonly string[] =>
  differences
    .filter((each) => each.kind === kind)
    .map(
      ({ resource = 'connector', subject, states }) => `${resource} ${subject}: REST ${states[0]}, SOAP ${states[1]}`,
    );

test('no operation of the sheet is missing on one of the transports', () => {
  expect(printed('operation')).toEqual([]);
});

test('every check that both transports could be judged by has the same verdict', () => {
  expect(printed('verdict')).toEqual([]);
});

test('what only one of them could be judged by is known, and lies in what the transports are', () => {
  const lines = printed('proof');
  process.stdout.write(`${lines.join('\n')}\n`);
  expect([...new Set(lines.map((line) => line.replace(/^\w+ /, '')))]).toEqual([
    // A range of ids can hold nothing; a page of SuiteQL with more behind it cannot.
    'empty-page-is-not-the-end: REST unproved, SOAP passed',
    // SOAP's answers hold no links.
    'foreign-next-refused: REST passed, SOAP unproved',
    // NetSuite forgets searches; SuiteQL has nothing to forget.
    'expired-page-told: REST unproved, SOAP passed',
    // SOAP's tokens are not renewed, and its answers about stock count nothing.
    'credentials-renewed-once: REST passed, SOAP unproved',
    'one-renewal-for-fifty-calls: REST passed, SOAP unproved',
    'totals-do-not-end-a-list: REST passed, SOAP unproved',
  ]);
});
