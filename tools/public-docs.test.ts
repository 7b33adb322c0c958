import { describe, expect, test } from 'vitest';
import { exampleHouse, examplePackage } from './architecture/example-house.ts';
import { readHouse } from './house.ts';
import { publicDeclarations } from './public-docs/entries.ts';
import { docFindings } from './public-docs/findings.ts';

const entry = { exports: { '.': { default: './dist/index.js' } } };

/** What is said of a package whose only entry holds this text. */
const saidOf = (text: string, folder = 'packages/runtime'): string[] =>
  publicDeclarations(exampleHouse({ [`${folder}/src/index.ts`]: text }, [examplePackage(folder, entry)])).flatMap(
    docFindings,
  );

test('every public export of this repository says its meaning, units, errors and source', () => {
  const declarations = publicDeclarations(readHouse());
  expect(declarations.map(({ name }) => name)).toContain('connectorError');
  expect(declarations.flatMap(docFindings).join('\n')).toBe('');
});

describe('what is public', () => {
  test('a name is followed through re-exports and renamings to its declaration', () => {
    const house = exampleHouse(
      {
        'packages/runtime/src/index.ts': "export { inner as outer } from './a.ts';",
        'packages/runtime/src/a.ts': "export { inner } from './b.ts';",
        'packages/runtime/src/b.ts': 'export const inner = 1;\nexport const hidden = 2;',
      },
      [examplePackage('packages/runtime', entry)],
    );
    expect(publicDeclarations(house).map(({ name, source }) => [name, source.path])).toEqual([
      ['inner', 'packages/runtime/src/b.ts'],
    ]);
  });

  test('private packages have no public exports', () => {
    const house = exampleHouse({ 'packages/runtime/src/index.ts': 'export const a = 1;' }, [
      examplePackage('packages/runtime', { ...entry, private: true }),
    ]);
    expect(publicDeclarations(house)).toEqual([]);
  });
});

describe('what a docstring must say', () => {
  test('a meaning', () => {
    expect(saidOf('export const a = 1;').join()).toMatch(/^packages\/runtime\/src\/index\.ts:1: a has no meaning/);
    expect(saidOf('/** Best. */\nexport const a = 1;').join()).toMatch(/a has no meaning/);
    expect(saidOf('/** @example\n * a */\nexport const a = 1;').join()).toMatch(/a has no meaning/);
    expect(saidOf('/** The first of all letters. */\nexport const a = 1;')).toEqual([]);
  });

  test('the unit of each number', () => {
    const options = (member: string) => saidOf(`/** Options of a wait. */\nexport interface A {\n${member}\n}`);
    expect(options('readonly pause: number;').join()).toMatch(/the number 'pause' has no unit/);
    expect(options('/** How it goes on. */\nreadonly pause?: number | undefined;').join()).toMatch(/'pause'/);
    expect(options('/** Time between two tries, milliseconds. */\nreadonly pause: number;')).toEqual([]);
    expect(options('readonly pauseMs: number;')).toEqual([]);
  });

  test('the unit of each numeric setting in a schema', () => {
    const schema = (comment: string) =>
      saidOf(`/** Settings of the shop. */\nexport const A = z.object({\n${comment}\npause: z.int().min(0),\n});`);
    expect(schema('').join()).toMatch(/the number 'pause' has no unit/);
    expect(schema('/** Between two tries, seconds. */')).toEqual([]);
  });

  test('the errors of what can fail', () => {
    const bad = [
      '/** Reads all of it. */\nexport const read = async (): Promise<string> => await other();',
      '/** Reads all of it. */\nexport function read() { throw connectorError(); }',
      '/** Reads what is there. */\nexport interface A {\n/** Reads it. */\nreadonly read: () => Promise<string>;\n}',
    ];
    for (const text of bad) expect([text, saidOf(text).join()]).toEqual([text, expect.stringMatching(/its errors/)]);
    const good = [
      '/** Reads all of it. @throws ConnectorError `timeout` */\nexport const read = async (): Promise<string> => await x;',
      '/** Reads. Every method rejects with a ConnectorError. */\nexport interface A {\nreadonly read: () => Promise<string>;\n}',
      '/** Adds up two of them. */\nexport const add = (a: A) => a;',
    ];
    for (const text of good) expect([text, saidOf(text)]).toEqual([text, []]);
  });

  test('the source of a fact about a vendor', () => {
    const folder = 'packages/connectors/acme';
    const fact = (doc: string) => saidOf(`/** ${doc} */\nexport const limits = { page: 100 };`, folder);
    expect(fact('The limits of the vendor.').join()).toMatch(/limits is a fact about a vendor without a source/);
    expect(fact('The limits, from https://acme.example/limits.')).toEqual([]);
  });
});
