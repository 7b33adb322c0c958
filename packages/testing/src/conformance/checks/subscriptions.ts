import type { Change } from '@mortise/runtime';
import type { CheckRuns } from '../check.ts';
import { breach, errorOf, type Trial, type Unproved, unproved } from '../trial.ts';
import { isUnproved, putAt } from '../walk.ts';

type Verdict = Promise<Unproved | undefined>;

/** Reads a subscription until a change fits; then leaves it. */
const untilTold = async (
  changes: AsyncIterable<Change<unknown>>,
  fits: (change: Change<unknown>) => boolean,
): Promise<void> => {
  for await (const change of changes) if (fits(change)) return;
  breach('the subscription ends before the change is told');
};

/** Runs work on a subscription that ends by itself after a minute of the suite's clock, or a quarter of one of ours. */
const subscribed = async (
  trial: Trial,
  work: (open: (since: Date) => AsyncIterable<Change<unknown>>) => Promise<void>,
): Promise<void> => {
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), 15_000).unref();
  const live = trial.fresh();
  const none = (async function* () {})();
  const open = (since: Date) => live.subscribe?.({ since, signal: stop.signal }) ?? none;
  try {
    const error = await errorOf(trial.drive(work(open)));
    if (error !== undefined) breach(`the change is not told: ${error.code}`);
  } finally {
    clearTimeout(patience);
    stop.abort();
  }
};

const isChangeOf =
  (trial: Trial, key: string | undefined) =>
  (change: Change<unknown>): boolean =>
    change.kind === 'changed' && trial.fresh().port.keyOf(change.record) === key;

const subscriptionTells = async (trial: Trial): Verdict => {
  const at = trial.vendorNow();
  let verdict: Unproved | undefined;
  await subscribed(trial, async (open) => {
    const changes = open(new Date(at));
    const iterator = changes[Symbol.asyncIterator]();
    const first = iterator.next();
    first.catch(() => {});
    const made = await putAt(trial, { count: 1, at });
    if (isUnproved(made)) {
      verdict = made;
      return;
    }
    const fits = isChangeOf(trial, made[0]);
    const now = await first;
    if (now.done !== true && fits(now.value)) return;
    await untilTold({ [Symbol.asyncIterator]: () => iterator }, fits);
  });
  return verdict;
};

const subscriptionCatchesUp = async (trial: Trial): Verdict => {
  const { vendorNow, wire, hands } = trial;
  if (hands?.put === undefined) return unproved('the world cannot put records');
  await subscribed(trial, async (open) => {
    const at = vendorNow();
    const [early] = (await putAt(trial, { count: 1, at })) as readonly string[];
    const iterator = open(new Date(at - 1_000))[Symbol.asyncIterator]();
    const changes = { [Symbol.asyncIterator]: () => iterator };
    const fitsEarly = isChangeOf(trial, early);
    for (;;) {
      const change = await iterator.next();
      if (change.done === true) return breach('the subscription ends by itself');
      if (fitsEarly(change.value)) break;
    }
    let drops = 2;
    wire.rule(() => (drops-- > 0 ? { kind: 'drop' } : undefined));
    wire.cutSockets();
    const [late] = (await putAt(trial, { count: 1, at: vendorNow() })) as readonly string[];
    await untilTold(changes, isChangeOf(trial, late));
  });
  return undefined;
};

const subscriptionStops = async (trial: Trial): Verdict => {
  const stop = new AbortController();
  const live = trial.fresh();
  const reading = (async () => {
    const changes = live.subscribe?.({ since: new Date(trial.vendorNow()), signal: stop.signal }) ?? [];
    for await (const _change of changes) stop.abort();
  })();
  reading.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 50));
  stop.abort();
  const patience = new Promise<'open'>((resolve) => setTimeout(resolve, 10_000, 'open').unref());
  const ended = trial.drive(reading).then(
    () => 'ended' as const,
    () => 'ended' as const,
  );
  if ((await Promise.race([ended, patience])) === 'open') breach('a subscription does not end with its signal');
  return undefined;
};

/** What a subscription must tell. */
export const subscriptionChecks: CheckRuns = {
  'subscription-tells-changes': subscriptionTells,
  'subscription-catches-up': subscriptionCatchesUp,
  'subscription-stops': subscriptionStops,
};
