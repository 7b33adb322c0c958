import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { compileExamples } from './docs/compile.ts';
import { readHouse, root } from './house.ts';

/** The files that the type check of a package compiles. */
const compiledFiles = (folder: string): readonly string[] => {
  const { config } = ts.readConfigFile(join(root, folder, 'tsconfig.json'), ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config, ts.sys, join(root, folder)).fileNames;
};

const typeTestsOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test-d.ts') && !file.includes('node_modules'))
    .map((file) => join(root, folder, file));

test('every type test is compiled by the type check of its package', () => {
  const { packages } = readHouse();
  const tests = packages.flatMap(({ folder }) => typeTestsOf(folder).map((file) => ({ folder, file })));
  expect(tests.length).toBeGreaterThan(2);
  const missed = tests.filter(({ folder, file }) => !compiledFiles(folder).includes(file));
  expect(missed).toEqual([]);
  const unchecked = packages.filter(({ manifest }) => !('typecheck' in (manifest.scripts ?? {})));
  expect(unchecked.map(({ folder }) => folder)).toEqual([]);
});

test('a wrong use that the compiler takes fails the type check', () => {
  const code =
    "import { mapping } from '@mortise/runtime/mapping';\n// @ts-expect-error it should not be taken\nvoid mapping;";
  const found = compileExamples([{ page: 'wrong.test-d.ts', line: 1, code, file: undefined }]);
  expect(found).toEqual([expect.stringContaining("Unused '@ts-expect-error' directive")]);
});
