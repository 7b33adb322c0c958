import { buildClientSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { readSchema } from '../../../../servers/shopify-schema/schema.mjs';
import { documents } from '../src/documents.ts';

const { introspection } = readSchema();
// Published by Shopify with an input object of no fields, which graphql-js would refuse.
const schema = buildClientSchema(introspection as never, { assumeValid: true });

test.each(Object.entries(documents))('the document %s fits the published Admin schema 2026-10', (_name, text) => {
  expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
});
