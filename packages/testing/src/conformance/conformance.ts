import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { checks } from './catalogue.ts';
import { judge, whole } from './judge.ts';
import { type CapabilitySheet, sheetText } from './sheet.ts';
import type { AnyConnector } from './trial.ts';
import type { World } from './world.ts';

/** What the suite needs of a test runner: vitest, node:test and others have it. */
export interface ConformanceOptions {
  /** Registers a test. */
  readonly test: (name: string, run: () => Promise<void>) => unknown;
  /** Compares, with a diff of the runner's own; a plain error is thrown without it. */
  readonly expect?: ((value: unknown) => { readonly toEqual: (expected: unknown) => unknown }) | undefined;
  readonly world: World;
  /** The file of the capability sheet: written where there is none, compared where there is. */
  readonly sheet?: URL | undefined;
}

const equal = (found: unknown, { expected, expect }: { expected: unknown } & Pick<ConformanceOptions, 'expect'>) => {
  if (expect !== undefined) return void expect(found).toEqual(expected);
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  if (left !== right) throw new Error(`found ${left} in the place of ${right}`);
};

/**
 * Registers one test for each check of the suite, and one for the capability sheet. A check applies where the connector
 * has the operations that it needs; what the world cannot bring about is printed on the sheet as not judged.
 * @example
 * ```ts
 * import type { AnyConnector, World } from '@mortise/testing';
 * import { conformance } from '@mortise/testing';
 * import { test } from 'node:test';
 * export const judgeIt = (connector: AnyConnector, world: World) => conformance(connector, { test, world });
 * ```
 */
export const conformance = (connector: AnyConnector, { test, expect, world, sheet }: ConformanceOptions): void => {
  const judging = judge(connector, world);
  for (const check of checks) {
    test(`${check.id}: ${check.holds}`, async () => {
      const failed = Object.entries(await judging.verdicts(check)).flatMap(([name, { state, reason }]) =>
        state === 'failed' ? [`${name === whole ? 'connector' : name}: ${reason}`] : [],
      );
      equal(failed, { expected: [], expect });
    });
  }
  test('capability-sheet: The sheet is the one that is kept.', async () => {
    try {
      const judged = await judging.sheet();
      if (sheet !== undefined) compared(judged, { sheet, expect });
    } finally {
      await judging.stop();
    }
  });
};

const compared = (judged: CapabilitySheet, { sheet, expect }: { sheet: URL } & Pick<ConformanceOptions, 'expect'>) => {
  if (!existsSync(sheet)) return writeFileSync(sheet, sheetText(judged));
  const kept: unknown = JSON.parse(readFileSync(sheet, 'utf8'));
  equal(JSON.parse(sheetText(judged)), { expected: kept, expect });
};
