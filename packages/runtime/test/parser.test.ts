import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const program = join(import.meta.dirname, 'support', 'parse-child.ts');

const outcomeOf = async (...flags: string[]) => {
  const { stdout } = await run(process.execPath, [...flags, program]);
  return JSON.parse(stdout);
};

test('records are parsed and refused alike with generated code and where none may be generated', async () => {
  const [compiled, plain] = await Promise.all([outcomeOf(), outcomeOf('--disallow-code-generation-from-strings')]);
  expect([compiled.isCompiled, plain.isCompiled]).toEqual([true, false]);
  expect(plain.parsed).toEqual(compiled.parsed);
  expect(plain.mapped).toEqual(compiled.mapped);
  const [fitting, misfit, none] = plain.parsed;
  expect(fitting).toEqual({ ok: true, value: { id: '1', changed: '2026-11-23T12:00:00Z' } });
  expect(misfit.issues.map(({ path }: { path: string }) => path)).toEqual(['id', 'changed', 'tags[1]']);
  expect(none.ok).toBe(false);
  expect(plain.mapped).toEqual([{ ok: true, value: { id: '1', updatedAt: '2026-11-23T12:00:00.000Z' } }]);
});

test('paths are read and written alike with generated code and where none may be generated', async () => {
  const [compiled, plain] = await Promise.all([outcomeOf(), outcomeOf('--disallow-code-generation-from-strings')]);
  expect(plain.models).toEqual(compiled.models);
  expect(plain.written).toEqual(compiled.written);
  const nothing = { c: null, d: null, e: null };
  expect(compiled.models).toEqual([{ c: '1', d: null, e: '2' }, nothing, nothing, nothing]);
  const [full, empty, , , change] = compiled.written;
  expect([full.a, empty.a, change]).toEqual([
    { b: { c: '1', d: null } },
    { b: { c: '', d: null } },
    { a: { b: { d: '3' } } },
  ]);
  expect(Object.values(full)).toContain('2');
});
