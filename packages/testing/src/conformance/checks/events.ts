import { type Change, sealSecret } from '@mortise/runtime';
import { type Delivery, type Inbox, webhookHandler } from '@mortise/runtime/webhooks';
import type { CheckRuns } from '../check.ts';
import { breach, errorOf, type Trial, type Unproved, unproved } from '../trial.ts';
import { isUnproved, putAt } from '../walk.ts';
import type { WorldDelivery } from '../world.ts';

type Verdict = Promise<Unproved | undefined>;

const secret = 'whsec_Y29uZm9ybWFuY2Utc2VjcmV0LW9mLXRoZS1zdWl0ZQ==';

/** An inbox that keeps what it is given, by key. */
const memoryInbox = () => {
  const kept = new Map<string, Delivery>();
  const inbox: Pick<Inbox, 'accept'> = {
    accept: async (deliveries) => {
      const fresh = deliveries.filter(({ key }) => !kept.has(key));
      for (const delivery of fresh) kept.set(delivery.key, delivery);
      return fresh.length === 0 ? 'duplicate' : 'new';
    },
  };
  return { inbox, kept };
};

/** A receiver of the connector's webhooks, and how a delivery gets there. */
const receiver = ({ connector, clock, session }: Trial) => {
  const { webhooks } = connector;
  const { delivery } = session;
  if (webhooks === undefined || delivery === undefined) return unproved('the world sends no webhooks');
  const { inbox, kept } = memoryInbox();
  const handle = webhookHandler({ inbox, clock, endpoint: () => ({ webhooks, secrets: [sealSecret(secret)] }) });
  const send = async (
    { url, body, headers = {} }: WorldDelivery,
    { at = clock.now(), sent = body }: { at?: number; sent?: string } = {},
  ): Promise<number> => {
    const signed = { method: 'POST', url, body: Buffer.from(body) };
    const id = `message-${Buffer.from(body).toString('base64url').slice(0, 40)}`;
    const signature = webhooks.signature.sign(signed, { secret, now: at, id });
    const answer = await handle(
      new Request(url, { method: 'POST', headers: { ...headers, ...signature }, body: sent }),
    );
    return answer.status;
  };
  return { send, kept, delivery };
};

const goodTaken = async (trial: Trial): Verdict => {
  const made = receiver(trial);
  if ('unproved' in made) return made;
  const status = await made.send(made.delivery(0));
  if (status !== 200 || made.kept.size === 0) breach(`a delivery with a good signature is answered with ${status}`);
  return undefined;
};

const badRefused = async (trial: Trial): Verdict => {
  const made = receiver(trial);
  if ('unproved' in made) return made;
  const delivery = made.delivery(0);
  const status = await made.send(delivery, { sent: `${delivery.body} ` });
  if (status !== 401 || made.kept.size > 0) breach(`a body that was changed after signing is answered with ${status}`);
  return undefined;
};

const duplicates = async (trial: Trial): Verdict => {
  const made = receiver(trial);
  if ('unproved' in made) return made;
  await made.send(made.delivery(0));
  const first = made.kept.size;
  await trial.clock.advance(2_000);
  await made.send(made.delivery(0));
  if (made.kept.size !== first) breach('a delivery that is repeated has a second effect');
  return undefined;
};

const distinct = async (trial: Trial): Verdict => {
  const made = receiver(trial);
  if ('unproved' in made) return made;
  await made.send(made.delivery(0));
  const first = made.kept.size;
  if (first === 0) return unproved('no delivery is taken at all');
  await made.send(made.delivery(1));
  if (made.kept.size <= first) breach('two deliveries share one key: one of them is lost');
  return undefined;
};

const staleRefused = async (trial: Trial): Verdict => {
  const made = receiver(trial);
  if ('unproved' in made) return made;
  const delivery = made.delivery(0);
  const { webhooks } = trial.connector;
  const options = { secret, now: trial.clock.now(), id: 'message-1' };
  const signed = { method: 'POST', url: delivery.url, body: Buffer.from(delivery.body) };
  const headers = new Map(Object.entries(webhooks?.signature.sign(signed, options) ?? {}));
  const lower = new Map([...headers].map(([name, value]) => [name.toLowerCase(), value]));
  if (webhooks?.signature.claim((name) => lower.get(name))?.signedAt === undefined) {
    return unproved('the scheme signs no time');
  }
  const status = await made.send(delivery, { at: trial.clock.now() - 3_600_000 });
  if (status !== 401) breach(`a delivery that was signed an hour ago is answered with ${status}`);
  return undefined;
};

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
  const { clock } = trial;
  let verdict: Unproved | undefined;
  await subscribed(trial, async (open) => {
    const changes = open(new Date(clock.now()));
    const iterator = changes[Symbol.asyncIterator]();
    const first = iterator.next();
    first.catch(() => {});
    const made = await putAt(trial, 1, clock.now());
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
  const { clock, wire, hands } = trial;
  if (hands?.put === undefined) return unproved('the world cannot put records');
  await subscribed(trial, async (open) => {
    const [early] = (await putAt(trial, 1, clock.now())) as readonly string[];
    const iterator = open(new Date(clock.now() - 1_000))[Symbol.asyncIterator]();
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
    const [late] = (await putAt(trial, 1, clock.now())) as readonly string[];
    await untilTold(changes, isChangeOf(trial, late));
  });
  return undefined;
};

const subscriptionStops = async (trial: Trial): Verdict => {
  const stop = new AbortController();
  const live = trial.fresh();
  const reading = (async () => {
    const changes = live.subscribe?.({ since: new Date(trial.clock.now()), signal: stop.signal }) ?? [];
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

/** What arrives by itself: webhooks and live changes. */
export const eventChecks: CheckRuns = {
  'webhook-taken': goodTaken,
  'webhook-bad-signature-refused': badRefused,
  'webhook-duplicate-once': duplicates,
  'webhook-keys-distinct': distinct,
  'webhook-stale-refused': staleRefused,
  'subscription-tells-changes': subscriptionTells,
  'subscription-catches-up': subscriptionCatchesUp,
  'subscription-stops': subscriptionStops,
};
