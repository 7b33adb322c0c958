import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { installBudget, installedWith } from './budgets/installed.ts';
import { measure, measureHouse } from './budgets/measure.ts';
import { hardBreaches, quantile, softBreaches, tableOf } from './budgets/report.ts';
import { bundledSize, rootEntryBudget } from './budgets/root-entry.ts';
import { readHouse, root } from './house.ts';

const house = readHouse();
const measured = measureHouse(house);

const example = (text: string, path = 'packages/acme/src/a.ts') => measure('packages/acme', [{ path, text }]);

const lines = (count: number, text = '// x') => Array.from({ length: count }, () => text).join('\n');

describe('this repository', () => {
  test('the report is shown', () => {
    console.log(`lines as median/P90/max, functions with a name\n${tableOf(measured)}`);
    expect(measured.map(({ folder }) => folder)).toContain('packages/runtime');
  });

  for (const measures of measured) {
    test(`${measures.folder} keeps the budgets of each file and function`, () => {
      expect(hardBreaches(measures).join('\n')).toBe('');
    });

    test(`${measures.folder} keeps the budgets of a whole package`, () => {
      expect(softBreaches(measures).join('\n')).toBe('');
    });
  }

  test('the root entry of the runtime weighs at most 12 kB without its peers', async () => {
    const entry = join(root, 'packages/runtime/src/index.ts');
    const runtime = house.packages.find(({ folder }) => folder === 'packages/runtime');
    const bytes = await bundledSize(entry, Object.keys(runtime?.manifest.peerDependencies ?? {}));
    console.log(`packages/runtime root entry: ${bytes} bytes after gzip, budget ${rootEntryBudget}`);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(rootEntryBudget);
  });
});

test('a REST connector installs at most 8 packages and 15 MB, its peers included', () => {
  const installed = installedWith('@mortise/connector-hubspot');
  const bytes = [...installed.values()].reduce((total, size) => total + size, 0);
  console.log(
    `@mortise/connector-hubspot: ${installed.size} packages, ${bytes} bytes: ${[...installed.keys()].join(', ')}`,
  );
  expect([...installed.keys()]).toEqual(
    expect.arrayContaining(['@mortise/runtime', '@mortise/models', 'zod', 'undici']),
  );
  expect(bytes).toBeGreaterThan(1_000_000);
  expect(installed.size).toBeLessThanOrEqual(installBudget.packages);
  expect(bytes).toBeLessThanOrEqual(installBudget.bytes);
});

describe('the hard budgets', () => {
  test('a file of 401 lines is too long, one of 400 is not', () => {
    expect(hardBreaches(example(lines(401)))).toEqual(['packages/acme/src/a.ts: 401 lines, cap 400']);
    expect(hardBreaches(example(`${lines(400)}\n`))).toEqual([]);
  });

  test('a function of 81 lines is too long, also as a callback', () => {
    const body = lines(79, 'f();');
    expect(hardBreaches(example(`\nfunction f() {\n${body}\n}`))).toEqual([
      'packages/acme/src/a.ts:2: function of 81 lines, cap 80',
    ]);
    expect(hardBreaches(example(`list.map(() => {\n${body}\n});`))).toHaveLength(1);
    expect(hardBreaches(example(`const f = () => {\n${lines(78, 'f();')}\n};`))).toEqual([]);
  });

  test('three positional parameters are too many, an options object may come third', () => {
    const bad = [
      'const f = (a: A, b: B, c: string) => a;',
      'class A { m(a, b, c: number[]) {} }',
      'interface A { m(a: A, b: B, c: () => void): void }',
      'const f = (a, b, options, d) => a;',
      'function f(a, b, ...rest: A[]) {}',
    ];
    for (const text of bad) expect([text, hardBreaches(example(text)).length]).toEqual([text, 1]);
    const good = [
      'const f = (a: string, b: string) => a;',
      'const f = (a, b, { c }: { c: string }) => a;',
      'const f = (a: A, b: B, options?: CallOptions) => a;',
      'const f = (a: A, b: B, options: CallOptions | undefined) => a;',
      'list.reduce((a: A, b: B, c: number, d: A[]) => a, 0);',
      'function g(this: X, a: A, b: B) {}',
    ];
    for (const text of good) expect([text, hardBreaches(example(text)).length]).toEqual([text, 0]);
  });

  test('any is found as a type, not as a word', () => {
    expect(hardBreaches(example('let a: any;\nconst b = x as Array<any>;'))).toEqual([
      'packages/acme/src/a.ts:1: the type any',
      'packages/acme/src/a.ts:2: the type any',
    ]);
    expect(hardBreaches(example("const any = 'any'; // any"))).toEqual([]);
  });

  test('a default export is for the index of a connector', () => {
    expect(hardBreaches(example('export default 1;'))).toEqual(['packages/acme/src/a.ts:1: default export']);
    expect(hardBreaches(example('export default 1;', 'packages/connectors/acme/src/index.ts'))).toEqual([]);
  });
});

describe('the soft budgets', () => {
  test('casts are counted, as const and renamed imports are free', () => {
    const text =
      "import { a as b } from 'a';\nexport { b as c };\nconst x = [1] as const;\nconst y = z as Y;\nconst w = <W>z;";
    expect(example(text).casts).toEqual(['packages/acme/src/a.ts:4', 'packages/acme/src/a.ts:5']);
    const said = softBreaches(example(`${text}\n${lines(400)}`)).join('\n');
    expect(said).not.toMatch(/casts/);
    expect(softBreaches(example(`${text}\n${lines(201)}`)).join('\n')).toMatch(/2 casts, 1 allowed/);
  });

  test('exports without a docstring are named, whichever way they are exported', () => {
    const text = `/** Documented. */\nexport const a = 1;\nexport const b = 2;\ninterface C {}\nexport type { C };\n${lines(201)}`;
    expect(softBreaches(example(text)).join('\n')).toMatch(/33 % .*a\.ts:3 b, packages\/acme\/src\/a\.ts:4 C/);
  });

  test('one docstring stands for all overloads of a function', () => {
    const text =
      '/** Adds. */\nexport function add(a: 1): 1;\nexport function add(a: 2): 2;\nexport function add(a) { return a; }';
    expect(example(text).exported).toHaveLength(1);
    expect(example(text).exported[0]?.documented).toBe(true);
  });

  test('long functions and files are told by median and P90, small packages are left alone', () => {
    const long = `const f = () => {\n${lines(41, 'f();')}\n};\n`;
    const said = softBreaches(example(`${long}${long.repeat(5)}`)).join('\n');
    expect(said).toMatch(/file median 258 lines, budget 80/);
    expect(said).toMatch(/function p90 43 lines, budget 40/);
    expect(softBreaches(example(long))).toEqual([]);
  });

  test('the quantiles are values that occur', () => {
    expect(quantile([5, 1, 9], 0.5)).toBe(5);
    expect(quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9)).toBe(9);
    expect(quantile([], 0.9)).toBe(0);
  });
});

test('the table shows the figures and the comment share', () => {
  const table = tableOf([example('/** Doc. */\nexport const f = () => {\n  return 1; // why\n};\n')]);
  expect(table.split('\n')[1]?.split(/ {2,}/)).toEqual([
    'packages/acme',
    '1',
    '4',
    '4/4/4',
    '3/3/3',
    '0',
    '0',
    '0.0',
    '100',
    '0',
    '50',
  ]);
});

test('a bundle is weighed with what it imports and without its peers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-size-'));
  try {
    const noise = Array.from({ length: 400 }, (_, index) => `${index * 7919}x${index * 104729}`).join();
    writeFileSync(join(folder, 'big.ts'), `export const big = '${noise}';`);
    writeFileSync(
      join(folder, 'entry.ts'),
      "import { big } from './big.ts';\nimport { z } from 'zod';\nconsole.log(big, z);",
    );
    const bytes = await bundledSize(join(folder, 'entry.ts'), ['zod']);
    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThan(8000);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
