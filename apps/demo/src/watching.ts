import { setTimeout as wait } from 'node:timers/promises';
import { describeError, exitStatus, isConnectorError } from '@mortise/runtime';
import type { Store } from '@mortise/store';
import type { Hints, RunResult, Sync } from '@mortise/sync';
import type { Lifetime } from './lifetime.ts';
import { counted, thousands } from './numbers.ts';
import { keepUp } from './syncs.ts';
import type { Terminal } from './terminal.ts';

/** What is watched with. */
export interface Watching {
  readonly store: Store;
  readonly terminal: Terminal;
  readonly lifetime: Lifetime;
  readonly hints: Hints;
  /** Time between two rounds of asking, milliseconds. */
  readonly pollMs: number;
}

/** Milliseconds before the next try after a failure that may pass. */
const pauseMs = 2_000;
/** A failure that goes on is told again after so many milliseconds. */
const tellAgainMs = 60_000;

/**
 * Carries changes until the end. A failure that may pass is told, and tried again; any other ends it.
 * @throws ConnectorError of the failure that cannot pass.
 */
export const watchUntilEnd = async (
  syncs: readonly Sync[],
  { store, terminal, lifetime, hints, pollMs }: Watching,
): Promise<void> => {
  const { signal } = lifetime;
  const onChange = (result: RunResult) => terminal.say(changeLine(result));
  let told = { sentence: '', at: 0 };
  while (!signal.aborted) {
    try {
      await keepUp(syncs, { store, signal, onChange, hints, pollMs });
    } catch (thrown) {
      if (signal.aborted) return;
      if (!isConnectorError(thrown) || exitStatus(thrown) !== 75) throw thrown;
      const sentence = describeError(thrown);
      const isNews = sentence !== told.sentence || performance.now() - told.at > tellAgainMs;
      if (isNews) terminal.say(`${sentence} Watching goes on.`);
      if (isNews) told = { sentence, at: performance.now() };
      await wait(pauseMs, undefined, { signal }).catch(() => {});
    }
  }
};

/** For instance `orders: 1 updated, 0.4 s`. */
const changeLine = ({ sync, created, updated, parked, deadLetters, seconds }: RunResult): string => {
  const parts = [
    ...(created > 0 ? [`${thousands(created)} created`] : []),
    ...(updated > 0 ? [`${thousands(updated)} updated`] : []),
    ...(parked > 0 ? [`${thousands(parked)} waiting for their contact`] : []),
    ...(deadLetters > 0 ? [counted(deadLetters, 'dead letter')] : []),
  ];
  return `${sync}: ${parts.join(', ')}, ${seconds.toFixed(1)} s`;
};
