// Tools for mappings that a running connector does not need.

export type { CustomPlace, ExtendedMapping } from './custom-fields.ts';
export { type BrokenLaw, checkLaws, type LawOptions, type LawReport } from './laws/laws.ts';
export { withFields } from './with-fields.ts';
