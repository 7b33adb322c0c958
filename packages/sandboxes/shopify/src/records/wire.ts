import type { StoredRecord } from '../types.ts';
import { gidOf } from './gid.ts';

/** A record as resolvers see it: fields by their GraphQL names, with the stored record beside them. */
export type RecordSource = Readonly<Record<string, unknown>> & { readonly stored: StoredRecord };

/** An instant as the vendor writes it: whole seconds, UTC. */
export const instant = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');

/** The source of a record's fields. */
export function sourceOf(stored: StoredRecord): RecordSource {
  return {
    ...stored.body,
    __typename: stored.type,
    id: gidOf(stored),
    legacyResourceId: stored.id,
    createdAt: instant(stored.createdAt),
    updatedAt: instant(stored.updatedAt),
    stored,
  };
}

/** True for what {@link sourceOf} made. */
export function isSource(value: unknown): value is RecordSource {
  return typeof value === 'object' && value !== null && 'stored' in value;
}
