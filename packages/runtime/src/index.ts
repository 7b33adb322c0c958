// For connector authors.

export type { Auth, AuthContext, AuthHeaders, AuthRequest, LiveAuth, SoapHeaderBlocks } from './auth/auth.ts';
export type { SaveOptions, TokenStore } from './auth/token-store.ts';
export { type ApiFacts, type ApiLimit, apiFactsOf } from './contract/api-facts.ts';
export type { Connector, LiveConnector } from './contract/connector.ts';
export { connectorSet } from './contract/connector-set.ts';
export { contractVersion } from './contract/contract-version.ts';
export type { CustomFields } from './contract/custom-fields.ts';
export type { Effect } from './contract/effect.ts';
export { keyText, readField } from './contract/field.ts';
export type {
  BatchWrite,
  Call,
  CallOptions,
  Change,
  DeletionPage,
  FallbackOptions,
  FindRequest,
  ItemOutcome,
  ItemWrite,
  ListedPage,
  ListRequest,
  LiveOperations,
  OperationName,
  Operations,
  Page,
  PageNote,
  ReadOne,
  RejectedRecord,
  Removal,
  SubscribedChange,
  SubscribeRequest,
  WriteCall,
  WriteOptions,
} from './contract/operations.ts';
export type {
  ChangeTracking,
  LiveResource,
  ModelView,
  ResourceDefinition,
  ResourceDescription,
  ResourceShape,
} from './contract/resource.ts';
export { isSecret, revealSecret, type Secret, sealSecret, secret } from './contract/secret.ts';
export type { LiveTransports, TransportDefinition, TransportMap } from './contract/transport.ts';
export { defineVendor, type Vendor, type VendorContext, type VendorDefinition } from './contract/vendor.ts';
export type { Failure, Reach } from './errors/failure.ts';
export type { BucketRule, BucketStatus, ConcurrencyRule, QuotaRule, WindowRule } from './resilience/quota-rule.ts';

// For hosts and engines.

export type { ConnectionStore } from './contract/connection-store.ts';
export { env } from './contract/environment.ts';
export { type ConnectionOptions, type OpenOptions, open } from './contract/open.ts';
export type { ConnectionAccess, OperationPermissions, Permission, PermissionsCall } from './contract/permissions.ts';
export type { ResourcePort, UpsertPort } from './contract/port.ts';
export { type Parsed, recordParser } from './contract/schema.ts';
export { nearestName } from './contract/settings.ts';
export { type ConnectorErrorCode, type ErrorCodeEntry, errorCodes, type RetryRule } from './errors/codes.ts';
export {
  ConnectorError,
  type ConnectorErrorDetails,
  connectorError,
  describeError,
  exitStatus,
  isConnectorError,
  type RecordIssue,
  toConnectorError,
} from './errors/connector-error.ts';
export { redactor } from './errors/redact.ts';
export { type ReadAheadOptions, readAhead } from './paging/read-ahead.ts';
export type { Priority } from './resilience/call-road.ts';
export { type Clock, type Random, sleep, systemClock, systemRandom, throwIfCancelled } from './resilience/clock.ts';
export type { Fallback, FallbackAnswer } from './resilience/fallback.ts';
export type { LastValue, LastValueStore } from './resilience/last-values.ts';
export type { CallLimits } from './resilience/limits.ts';
export type { Lease, LockStore } from './resilience/lock-store.ts';
export type { QuotaLedger, SliceGrant, SliceRequest } from './resilience/quota-ledger.ts';
export type { CallFacts, EventSink, RuntimeEvent } from './telemetry/events.ts';
export type { MetricsQuery, MetricsStore, MinuteMetrics } from './telemetry/metrics-store.ts';
export type { CallObserver, ObservedAttempt, ObservedCall, ObservedEnd, ObservedRun } from './telemetry/observer.ts';
export { errorLines } from './telemetry/sink.ts';

// Mapping: documented rules between two record types.

export {
  type Conversions,
  type Converter,
  conversionRefused,
  converter,
  type LossyConverter,
  lossy,
} from './mapping/converter.ts';
export type { ExtendAt, ExtendModel, ExtendWritable, ExtendWritten } from './mapping/custom-fields.ts';
export { isoInstant } from './mapping/iso-instant.ts';
export type { MappingIssue, MappingResult } from './mapping/issues.ts';
export type {
  AnyMapping,
  ChangeOf,
  MappedField,
  Mapping,
  ModelOf,
  WireChange,
  WireOf,
  WritableOf,
  WrittenOf,
} from './mapping/mapping.ts';
export type { Paths } from './mapping/paths.ts';
