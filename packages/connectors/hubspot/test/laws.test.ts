import { checkLaws, withFields } from '@mortise/runtime/mapping';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { companyMapping, contactMapping, dealMapping, productMapping } from '../src/index.ts';

const custom = z.object({ tier: z.string().nullable(), segment: z.enum(['retail', 'trade']).nullable() });
const mappings = {
  companyMapping,
  contactMapping,
  dealMapping,
  productMapping,
  'contactMapping with custom fields': withFields(contactMapping, custom),
};

test.each(Object.entries(mappings))('%s keeps the laws of mappings', (_name, mapping) => {
  expect(checkLaws(mapping, { seed: 20, runs: 300 }).broken).toEqual([]);
});
