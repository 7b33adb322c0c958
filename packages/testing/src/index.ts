export type {
  Cassette,
  CassetteBody,
  CassetteExchange,
  CassetteRequest,
  CassetteResponse,
} from './cassette/cassette.ts';
export { drift } from './cassette/drift.ts';
export { type Recording, type RecordOptions, record } from './cassette/record.ts';
export type { Secrets } from './cassette/redaction.ts';
export { type Replay, type ReplayOptions, replay } from './cassette/replay.ts';
export { drive } from './clock/drive.ts';
export { type VirtualClock, virtualClock } from './clock/virtual-clock.ts';
export { checks, type ListedCheck } from './conformance/catalogue.ts';
export { type ComparedSheet, type SheetDifference, sheetDifferences } from './conformance/comparison.ts';
export { type ConformanceOptions, conformance } from './conformance/conformance.ts';
export type { BodyFormat } from './conformance/format.ts';
export { type Judge, judge } from './conformance/judge.ts';
export { type CapabilitySheet, type ResourceSheet, sheetText, type Verdict, verdictsOf } from './conformance/sheet.ts';
export type { AnyConnector } from './conformance/trial.ts';
export type {
  Dialect,
  ResourceWorld,
  WireReply,
  WireRequest,
  World,
  WorldDelivery,
  WorldSession,
} from './conformance/world.ts';
export { type FaultProxy, type FaultProxyOptions, startFaultProxy } from './fault-proxy/start.ts';
export type { ProxyCounters, Toxic, ToxicKind, ToxicSet } from './fault-proxy/toxics.ts';
export { type ProgramOptions, runSandboxProgram, type SandboxProgram } from './process/program.ts';
export { type Served, serveUntilStopped } from './process/serve.ts';
export { openDatabase, type SandboxDatabase } from './sandbox/database.ts';
export type { FaultKind, FaultRule, FaultState } from './sandbox/fault-rules.ts';
export type { RequestFilter, RequestRecord, WriteFilter, WriteKind, WriteRecord } from './sandbox/log.ts';
export { createRandom, type Random } from './sandbox/random.ts';
export { isRecord, parseJson } from './sandbox/record.ts';
export { type SettingWords, seedReader, settingsReader } from './sandbox/settings.ts';
export { startSandbox } from './sandbox/start.ts';
export type {
  AdminHandler,
  Route,
  RouteHandler,
  Sandbox,
  SandboxAnswer,
  SandboxClock,
  SandboxContext,
  SandboxOptions,
  SandboxRequest,
  WriteNote,
} from './sandbox/types.ts';
