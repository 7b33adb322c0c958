import type { Store } from '@mortise/store';
import { type Convergence, hintQueue, type Sync } from '@mortise/sync';
import { closingTable, deadLetterLines, jsonLine, shownDeadLetters } from './closing-table.ts';
import type { Flags } from './flags.ts';
import type { Lifetime } from './lifetime.ts';
import { mayWrite } from './live.ts';
import { counted } from './numbers.ts';
import { progressLines } from './progress-line.ts';
import type { Settings } from './settings.ts';
import type { StateFolder } from './state-folder.ts';
import { followStock } from './stock-follower.ts';
import { catchUp, defineSyncs, openState, type Sides } from './syncs.ts';
import { prepareCrm } from './systems/crm.ts';
import { type RunningSystems, startSystems } from './systems/start.ts';
import type { Terminal } from './terminal.ts';
import { collectWaits, type Waits } from './waits.ts';
import { watchUntilEnd } from './watching.ts';
import { receiveWebhooks } from './webhook-receiver.ts';
import { sayWhereThingsAre } from './welcome.ts';

/** What the whole demo shares. */
export interface Stage {
  readonly flags: Flags;
  readonly settings: Settings;
  readonly state: StateFolder;
  readonly terminal: Terminal;
  readonly lifetime: Lifetime;
}

/** Exit codes of the design: done, some records could not be carried, try again later. */
const exitCodes = { done: 0, partial: 3, later: 75 } as const;

/**
 * Starts the systems, brings each up to the others and keeps them there.
 * @returns the exit code
 * @throws whatever ends it before its end.
 */
export const runDemo = async (stage: Stage): Promise<number> => {
  const { settings, state, terminal } = stage;
  // First, because it is quick to say that a key or a file of the state cannot be used.
  const store = await openState(state.sync(settings), state.folder);
  try {
    const systems = await startSystems(stage);
    try {
      sayWhereThingsAre(systems.all, terminal);
      return await carry(stage, { systems, store });
    } finally {
      await systems.stop();
    }
  } finally {
    await store.close();
  }
};

interface Running {
  readonly systems: RunningSystems;
  readonly store: Store;
}

const carry = async (stage: Stage, { systems, store }: Running): Promise<number> => {
  const { flags, settings, terminal, lifetime } = stage;
  const waits = collectWaits();
  const sides = systems.connect({ events: waits.events });
  const syncs = defineSyncs(sides);
  if (settings.crm.live) {
    const { missing } = systems.crm;
    const asked = { store, terminal, lifetime, missing, yes: flags.yes, keepsWatching: !flags.once };
    if (!(await mayWrite(syncs, asked))) return exitCodes.done;
  }
  await prepareCrm(settings.crm, systems.crm);
  await sides.inventory?.fill?.(sides.shop, lifetime);
  const convergence = await catchUpVisibly(stage, { syncs, store, waits });
  lifetime.throwIfFailed();
  if (flags.json) process.stdout.write(`${jsonLine(convergence)}\n`);
  if (lifetime.signal.aborted) return sayStopped(stage);
  if (flags.once) return exitCodeOf(convergence, terminal);
  terminal.say(`\nwatching; changes arrive within seconds. ${terminal.bold('Ctrl-C ends.')}`);
  await watchSystems(stage, { syncs, sides, store });
  lifetime.throwIfFailed();
  terminal.say('ended; all that was carried is kept');
  return exitCodes.done;
};

/** Watches: by asking again and again, by the webhooks of those that send any, and by subscription where one is to be had. */
const watchSystems = async (
  { terminal, lifetime }: Stage,
  { sides, syncs, store }: { sides: Sides; syncs: readonly Sync[]; store: Store },
): Promise<void> => {
  const hints = hintQueue();
  const senders = [sides.shop.webhooks, sides.crmWebhooks].filter((sender) => sender !== undefined);
  const receiver = await receiveWebhooks(senders, { store, syncs, hints, lifetime });
  const follower = followStock(sides.inventory, { syncs, hints, terminal, lifetime });
  if (senders.length > 0)
    terminal.say(`webhooks of ${senders.map(({ connection }) => connection).join(', ')} are received`);
  if (follower !== undefined) terminal.say('stock edits of directus are subscribed to');
  try {
    await watchUntilEnd(syncs, { store, terminal, lifetime, hints, pollMs: sides.shop.pollMs });
  } catch (thrown) {
    // Receiver and follower end with the lifetime.
    lifetime.fail(thrown);
  } finally {
    hints.close();
    await Promise.all([receiver.stop(), follower?.ended]);
    for (const [connection, count] of receiver.taken())
      terminal.say(`${counted(count, 'webhook')} of ${connection} received and verified`);
    if (follower !== undefined)
      terminal.say(`${counted(follower.told(), 'stock edit')} told over the WebSocket and followed`);
  }
};

const catchUpVisibly = async (
  { terminal, lifetime }: Stage,
  { syncs, store, waits }: { readonly syncs: readonly Sync[]; readonly store: Store; readonly waits: Waits },
): Promise<Convergence> => {
  terminal.say('');
  const lines = progressLines(syncs, { terminal, waits });
  const { signal } = lifetime;
  const convergence = await catchUp(syncs, { store, signal, onProgress: lines.onProgress }).finally(lines.end);
  const { head, lines: rows } = closingTable(convergence.results);
  terminal.say(['', terminal.bold(head), ...rows].join('\n'));
  const total = convergence.results.reduce((sum, { deadLetters }) => sum + deadLetters, 0);
  const letters = await store.readDeadLetters({ limit: shownDeadLetters });
  const reasons = deadLetterLines(letters, total);
  if (reasons.length > 0) terminal.say(`\n${reasons.join('\n')}`);
  return convergence;
};

const exitCodeOf = ({ results, converged }: Convergence, terminal: Terminal): number => {
  if (results.some(({ deadLetters, parked }) => deadLetters + parked > 0)) return exitCodes.partial;
  if (converged) return exitCodes.done;
  terminal.say('the shop changes faster than it can be carried; run again to go on');
  return exitCodes.later;
};

/** With `--once` a script waits for the end, which was not reached. */
const sayStopped = ({ flags, terminal }: Stage): number => {
  terminal.say('stopped; run again to go on');
  return flags.once ? exitCodes.later : exitCodes.done;
};
