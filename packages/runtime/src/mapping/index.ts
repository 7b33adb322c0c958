// Mappings: documented rules between two record types, and the checks of their laws.

export type { CustomPlace, ExtendedMapping } from './custom-fields.ts';
export { type BrokenLaw, checkLaws, type LawOptions, type LawReport } from './laws/laws.ts';
export { mapping } from './mapping.ts';
export { withFields } from './with-fields.ts';
