import { describe, expect, test } from 'vitest';
import { compileExamples } from './docs/compile.ts';
import { type Example, examplesOf } from './docs/examples.ts';
import { machinePaths, resolvedHosts, trackedTexts } from './docs/machine-traces.ts';

const page = (text: string) => ({ path: 'docs/page.md', text });

const isPage = (path: string) => /^(README\.md|docs\/.*\.md|(packages|apps|servers)\/[^.]*\/README\.md)$/.test(path);

describe('this repository', () => {
  const texts = trackedTexts();
  const read = texts.filter(({ path }) => isPage(path)).map(examplesOf);

  test('every TypeScript block of the pages is one that is compiled', () => {
    expect(read.flatMap(({ refused }) => refused).join('\n')).toBe('');
  });

  test('every TypeScript block of the pages compiles', () => {
    expect(compileExamples(read.flatMap(({ examples }) => examples)).join('\n')).toBe('');
  });

  test('no file of the repository holds a path of a machine', () => {
    expect(machinePaths(texts).join('\n')).toBe('');
  });

  test('no lock file names a registry', () => {
    expect(texts.map(({ path }) => path)).toContain('package-lock.json');
    expect(resolvedHosts(texts).join('\n')).toBe('');
  });
});

describe('the blocks of a page', () => {
  test('only TypeScript is taken, with the line that it starts on', () => {
    const text = '# Page\n\n```sh\nnpm start\n```\n\n```ts\nconst a = 1;\n\nconst b = 2;\n```\n';
    expect(examplesOf(page(text))).toEqual({
      examples: [{ page: 'docs/page.md', line: 8, code: 'const a = 1;\n\nconst b = 2;', file: undefined }],
      refused: [],
    });
  });

  test('a block in a list loses its indent, a block in a longer fence is text', () => {
    const { examples } = examplesOf(
      page('- so:\n  ```ts\n  if (a) {\n    b();\n  }\n  ```\n````md\n```ts\nnot this\n```\n````\n'),
    );
    expect(examples.map(({ code }) => code)).toEqual(['if (a) {\n  b();\n}']);
  });

  test('a fence may name a file, and nothing else', () => {
    expect(examplesOf(page('```ts shop.ts\n```\n')).examples[0]?.file).toBe('shop.ts');
    const { refused } = examplesOf(page('text\n```ts no-check\n```\n'));
    expect(refused.join()).toMatch(/^docs\/page\.md:2: "no-check"/);
  });

  test('a fence that is never closed is refused', () => {
    expect(examplesOf(page('```ts\nconst a = 1;\n')).refused).toEqual(['docs/page.md:1: the block is never closed']);
  });
});

describe('compiling', () => {
  const block = (code: string, rest: Partial<Example> = {}): Example => ({
    page: 'docs/page.md',
    line: 10,
    code,
    file: undefined,
    ...rest,
  });

  test('a mistake is told with page and line of the page', () => {
    const said = compileExamples([block('const a = 1;\nconst b: string = a;')]);
    expect(said.join()).toMatch(/^docs\/page\.md:11: Type 'number' is not assignable to type 'string'/);
  });

  test('an unknown package and an unknown name are mistakes', () => {
    const said = compileExamples([block("import { a } from 'no-such-package';\nshow(a);")]).join('\n');
    expect(said).toMatch(/docs\/page\.md:10: Cannot find module 'no-such-package'/);
    expect(said).toMatch(/docs\/page\.md:11: Cannot find name 'show'/);
  });

  test('blocks stand alone, may await, and import named blocks of their page', () => {
    const said = compileExamples([
      block("export const name: string = await Promise.resolve('a');", { file: 'shop.ts' }),
      block("import { name } from './shop.ts';\nimport ts from 'typescript';\nconst a: string = name + ts.version;", {
        line: 20,
      }),
      block('const a: number = 1;', { line: 30 }),
    ]);
    expect(said).toEqual([]);
  });
});

describe('traces of a machine', () => {
  const slash = '/';

  test('paths are found with file and line, parts of other paths are not', () => {
    const bad = ['work', 'tmp', 'root', 'home/ann', 'Users/ann'].map((folder) => `see "${slash}${folder}/x.ts"`);
    expect(machinePaths([{ path: 'a.md', text: bad.join('\n') }]).map((row) => row.split(': ')[0])).toEqual([
      'a.md:1',
      'a.md:2',
      'a.md:3',
      'a.md:4',
      'a.md:5',
    ]);
    const good = ['https://example.org/work/x', './tmp/x', 'network/root/x', 'a /work in progress'];
    expect(machinePaths([{ path: 'a.md', text: good.join('\n') }])).toEqual([]);
  });

  test('a registry in a lock file is found, a link to a workspace is not', () => {
    const text = `{\n"resolved": "packages/a",\n"resolved": "https:${slash}/registry.example/a.tgz"\n}`;
    expect(resolvedHosts([{ path: 'servers/x/package-lock.json', text }]).join()).toMatch(/package-lock\.json:3: /);
    expect(resolvedHosts([{ path: 'notes.json', text }])).toEqual([]);
  });
});
