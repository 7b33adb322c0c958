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
const isCompiled = (): boolean => {
  try {
    z.compile(Wire, { strict: true });
    return true;
  } catch {
    return false;
  }
};
process.stdout.write(JSON.stringify({ isCompiled: isCompiled(), parsed, mapped }));
