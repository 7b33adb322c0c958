export { type RestError, restFaultRule, soapFaultRule } from './fault-rules.ts';
export { type StockChange, setStock } from './records/stock.ts';
export { type Seed, type SeedOptions, seedRecords } from './seed/records.ts';
export { defaultSettings, type NetSuiteSettings, type NetSuiteSettingsInput } from './settings.ts';
export type { Fault, FaultName } from './soap/fault.ts';
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
