export { type Convergence, converge, type WatchOptions, watch } from './converge.ts';
export { defineSync, type ModelMapping, type Sync, type SyncOptions, type SyncResource } from './definition.ts';
export { type PlanOptions, planSync, type SyncPlan } from './plan.ts';
export type { RunCounts, RunResult, SyncProgress } from './progress.ts';
export { type RunOptions, runSync } from './run.ts';
