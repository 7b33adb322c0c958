import type { z } from 'zod';
import type { ExtendedMapping } from './custom-fields.ts';
import type { AnyMapping } from './mapping.ts';

/**
 * A mapping with the custom fields of one account, typed: what `open` does for the mappings of a connection.
 * @throws ConnectorError `invalid-definition` where the mapping takes none, or a schema changes values.
 */
export const withFields = <M extends AnyMapping, Schema extends z.ZodObject>(
  mapping: M,
  fields: Schema,
): ExtendedMapping<M, z.output<Schema>> =>
  // The mapping was extended by the very schema that the type is made of.
  mapping.extended(fields) as unknown as ExtendedMapping<M, z.output<Schema>>;
