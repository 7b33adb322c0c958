import type { MappingIssue } from './issues.ts';
import { type Fields, type KeyPath, pathText } from './key-path.ts';

/** One record on its way through the steps of a mapping. */
export interface Passage {
  readonly from: Fields;
  readonly into: Fields;
  /** Filled by the steps that fail; the others go on, so that one pass finds everything. */
  readonly issues: MappingIssue[];
  /** Whether a whole record is encoded; otherwise only the fields of a change. */
  readonly whole: boolean;
}

/** What a rule says of itself in the table of `explain`. */
export interface Row {
  readonly wire: string;
  readonly conversion: string;
  readonly notes: readonly (string | undefined)[];
}

/** One rule, compiled: paths split, policies decided, nothing left to look up per record. */
export interface Step {
  readonly field: string;
  readonly paths: readonly KeyPath[];
  readonly lossy: boolean;
  readonly row: Row;
  readonly read: (passage: Passage) => void;
  /** Absent for rules that only read. */
  readonly write?: (passage: Passage) => void;
}

/** A rule's field, beside what the model says about it. */
export interface FieldContext {
  readonly field: string;
  /** Whether the model takes null here. */
  readonly nullable: boolean;
  /** Whether the model's field may be left out. */
  readonly optional: boolean;
}

/** Reports that a rule could not be carried out. */
export const report = (
  passage: Passage,
  issue: { readonly path: KeyPath; readonly field: string; readonly reason: string },
) => {
  passage.issues.push({ path: pathText(issue.path), field: issue.field, reason: issue.reason });
};
