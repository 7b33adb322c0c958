import { type ConnectorError, connectorError, type RecordIssue } from '../errors/connector-error.ts';

/** Why one rule could not be carried out. Never holds the value. */
export interface MappingIssue extends RecordIssue {
  /** Path in the wire record, in both directions, for instance `lineItems.nodes[2].unitPrice`. */
  readonly path: string;
  /** Field of the model, for instance `lines[2].price`. */
  readonly field: string;
  readonly reason: string;
}

/** A mapped record, or every reason why there is none. */
export type MappingResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly MappingIssue[] };

/** The issues of one sub-record, seen from its parent. */
export const issuesOfElement = (
  issues: readonly MappingIssue[],
  at: { readonly path: string; readonly field: string; readonly index: number },
): MappingIssue[] =>
  issues.map(({ path, field, reason }) => ({
    path: within(`${at.path}[${at.index}]`, path),
    field: within(`${at.field}[${at.index}]`, field),
    reason,
  }));

/** An element that is no record at all has no path of its own. */
const within = (element: string, path: string): string => (path === '' ? element : `${element}.${path}`);

/** The error of a record that cannot be mapped. */
export const invalidRecord = (what: string, issues: readonly MappingIssue[]): ConnectorError =>
  connectorError('invalid-record', `${what}: ${issues.map(({ path, reason }) => `${path} (${reason})`).join(', ')}`, {
    issues,
  });
