export { type Seed, type SeedOptions, seedRecords } from './seed/records.ts';
export { defaultSettings, type NetSuiteSettings, type NetSuiteSettingsInput } from './settings.ts';
export { type Fault, type FaultName, faultAnswer } from './soap/fault.ts';
export { type SignatureInput, signPassport } from './soap/passport.ts';
export { type NetSuiteSandbox, type NetSuiteSandboxOptions, startNetSuiteSandbox } from './start.ts';
export type {
  DeletedRecord,
  FieldRow,
  FieldValue,
  NetSuiteState,
  RecordType,
  Reference,
  StockRow,
  StoredRecord,
} from './types.ts';
