/** A row of Shopify's table of scopes. */
export interface ScopeRow {
  readonly type: 'type' | 'field' | 'argument' | 'enumValue' | 'inputField' | string;
  readonly typeName: string;
  readonly fieldName?: string;
  readonly requiredAccess: string;
  /** What an offline token needs. */
  readonly offlineScopes: readonly string[];
}

/**
 * Fetches the schema of a version where it is not there yet, and gives the path of its gzipped JSON.
 * @throws Error when it cannot be fetched or is not what it was.
 */
export function fetchSchema(version?: string): string;

/** Reads the schema of a version: the introspection result, for `buildClientSchema` with `assumeValid`, and its scopes. */
export function readSchema(version?: string): {
  readonly introspection: import('graphql').IntrospectionQuery;
  readonly offlineScopes: readonly ScopeRow[];
};
