import { buildClientSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { readSchema } from '../../../../servers/shopify-schema/schema.mjs';
import { bulkDocuments } from '../src/bulk-documents.ts';
import { documents } from '../src/documents.ts';

const { introspection } = readSchema();
// Published by Shopify with an input object of no fields, which graphql-js would refuse.
const schema = buildClientSchema(introspection as never, { assumeValid: true });

test.each(Object.entries(documents))('the document %s fits the published Admin schema 2026-10', (_name, text) => {
  expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
});

test.each(Object.entries(bulkDocuments))('the bulk query %s fits it too', (_name, document) => {
  expect(
    validate(schema, parse(document("updated_at:>='2026-11-01T00:00:00Z'"))).map(({ message }) => message),
  ).toEqual([]);
});

test('a document that asks for what Shopify does not have is told', () => {
  const [error] = validate(schema, parse('query Shop { shop { nickname } }'));
  expect(error?.message).toContain('Cannot query field "nickname" on type "Shop"');
});
