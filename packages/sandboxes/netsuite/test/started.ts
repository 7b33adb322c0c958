import { onTestFinished } from 'vitest';
import { type NetSuiteSandbox, type NetSuiteSandboxOptions, startNetSuiteSandbox } from '../src/index.ts';

/** A sandbox that closes when its test ends. */
export async function startedSandbox(options: NetSuiteSandboxOptions = {}): Promise<NetSuiteSandbox> {
  const sandbox = await startNetSuiteSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** A clock that a test sets. */
export function manualClock(start: number): { now(): number; set(milliseconds: number): void } {
  let time = start;
  return {
    now: () => time,
    set: (milliseconds) => {
      time = milliseconds;
    },
  };
}
