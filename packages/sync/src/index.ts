export { type Convergence, converge } from './converge.ts';
export { defineSync, type ModelMapping, type Sync, type SyncOptions, type SyncResource } from './definition.ts';
export type { RunOptions } from './execution.ts';
export { type Hint, type Hints, hintQueue, type WaitingHint } from './hints.ts';
export { type PlanOptions, planSync, type SyncPlan } from './plan.ts';
export type { RunCounts, RunResult, SyncProgress } from './progress.ts';
export { runRecords } from './record-run.ts';
export { runSync } from './run.ts';
export { type WatchOptions, watch } from './watch.ts';
