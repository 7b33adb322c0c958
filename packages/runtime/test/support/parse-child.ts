// Parses and maps records in a process of its own, and prints what came of it and whether code could be generated.
import { z } from 'zod';
import { isoInstant, recordParser } from '../../src/index.ts';
import { mapping } from '../../src/mapping/index.ts';

const Wire = z.object({ id: z.string().min(1), changed: z.string(), tags: z.array(z.string()).optional() });
const Model = z.object({ id: z.string(), updatedAt: z.date() });
const rules = mapping(Wire, Model, {
  id: { from: 'id', access: 'read' },
  updatedAt: { from: 'changed', as: isoInstant, access: 'read' },
});
const parse = recordParser(Wire);
const records = [
  { id: '1', changed: '2026-11-23T12:00:00Z', unknown: 'dropped' },
  { id: '', changed: 5, tags: ['a', 7] },
  'no record',
];
const parsed = records.map(parse);
const mapped = parsed.flatMap((each) => (each.ok ? [rules.tryDecode(each.value)] : []));
// Two levels of parents, one of them null or missing, and a key that would end a text of code.
const awkward = 'it\'s "a" \\ key\n\u2028`';
const Deep = z.object({
  a: z.object({ b: z.object({ c: z.string().nullish(), d: z.string().nullish() }).nullish() }).nullish(),
  [awkward]: z.string().nullish(),
});
const Flat = z.object({ c: z.string().nullable(), d: z.string().nullable(), e: z.string().nullable() });
const deep = mapping(Deep, Flat, {
  c: { from: 'a.b.c', onMissing: 'null', clear: '' },
  d: { from: 'a.b.d', onMissing: 'null' },
  e: { from: [awkward], onMissing: 'null' },
});
const wires = [{ a: { b: { c: '1', d: null } }, [awkward]: '2' }, { a: { b: null } }, { a: null }, {}];
const models = wires.map(deep.decode);
const written = [...models.map(deep.encode), deep.encodeChange({ d: '3' })];
const isCompiled = (): boolean => {
  try {
    z.compile(Wire, { strict: true });
    return true;
  } catch {
    return false;
  }
};
process.stdout.write(JSON.stringify({ isCompiled: isCompiled(), parsed, mapped, models, written }));
