import type { HubSpotState, SchedulingClock } from '../types.ts';
import { signedHeaders } from './signature.ts';

/** One request to the receiver, as the stand-in saw it end. Status 0: no answer, or none in time. */
export type WebhookRequest = {
  /** When it ended, Unix milliseconds. */
  at: number;
  /** Number of events in it. */
  events: number;
  /** Attempts before it: 0 for the first. */
  attempt: number;
  /** HTTP status. */
  status: number;
};

/** Delivers the events that were kept. */
export type WebhookDispatcher = {
  /** Sends what is due, as far as the concurrency allows, and schedules the rest. */
  pump(): void;
  /** Every request so far, in the order in which they ended. */
  requests(): readonly WebhookRequest[];
  /** Resolves when nothing is under way and nothing is due. */
  settled(): Promise<void>;
  stop(): void;
};

type Waiting = { sequence: number; attempt: number; event: string };

/** Waits on the sandbox's clock where it can schedule, else on the machine's. */
function waitOn(
  clock: SchedulingClock,
  { milliseconds, callback }: { milliseconds: number; callback: () => void },
): () => void {
  if (clock.schedule !== undefined) return clock.schedule(callback, milliseconds);
  const timer = setTimeout(callback, milliseconds).unref();
  return () => clearTimeout(timer);
}

/** The events of one request: attempt counts differ by event, so they are written into each. */
const bodyOf = (batch: readonly Waiting[]): string =>
  `[${batch.map(({ event, attempt }) => `${event.slice(0, -1)},"attemptNumber":${attempt}}`).join(',')}]`;

async function send(state: HubSpotState, body: string): Promise<number> {
  const { targetUrl, timeoutMs } = state.settings.webhooks;
  const secret = state.settings.oauth.clientSecret;
  const headers = { 'content-type': 'application/json', 'user-agent': 'HubSpot Connect 2.0' };
  try {
    const answer = await fetch(targetUrl, {
      method: 'POST',
      headers: { ...headers, ...signedHeaders(body, { secret, url: targetUrl, now: state.clock.now() }) },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}

/** The events that are due, in the order of the setting. */
function dueEvents({ database, settings }: HubSpotState, now: number): Waiting[] {
  const sql = 'SELECT sequence, attempt, event FROM webhook_events WHERE due <= ? ORDER BY sequence';
  const events = database
    .statement(sql)
    .all(now)
    .map(({ sequence, attempt, event }) => ({
      sequence: Number(sequence),
      attempt: Number(attempt),
      event: String(event),
    }));
  return settings.webhooks.order === 'reversed' ? events.toReversed() : events;
}

/** Forgets what was taken; puts off what was not, until its last retry: then the vendor drops it. */
function settleEvents(
  { database, settings, clock }: HubSpotState,
  batch: readonly Waiting[],
  { status }: { status: number },
) {
  for (const { sequence, attempt } of batch) {
    const delay = settings.webhooks.retryDelaysMs[attempt];
    if ((status >= 200 && status < 300) || delay === undefined) {
      database.statement('DELETE FROM webhook_events WHERE sequence = ?').run(sequence);
    } else {
      const sql = 'UPDATE webhook_events SET attempt = attempt + 1, due = ? WHERE sequence = ?';
      database.statement(sql).run(clock.now() + Number(delay), sequence);
    }
  }
}

/** Makes what delivers the events of a stand-in. */
export function createDispatcher(state: HubSpotState, clock: SchedulingClock): WebhookDispatcher {
  const inFlight = new Set<number>();
  const finished: WebhookRequest[] = [];
  let underWay = 0;
  let stopped = false;
  let cancel = (): void => {};
  let waiting: (() => void)[] = [];

  const deliver = async (batch: readonly Waiting[]): Promise<void> => {
    const body = bodyOf(batch);
    const copies = state.settings.webhooks.duplicates + 1;
    let status = 0;
    for (let copy = 0; copy < copies; copy += 1) {
      status = await send(state, body);
      if (stopped) return;
      finished.push({ at: clock.now(), events: batch.length, attempt: batch[0]?.attempt ?? 0, status });
    }
    for (const { sequence } of batch) inFlight.delete(sequence);
    settleEvents(state, batch, { status });
    underWay -= 1;
    pump();
  };

  const scheduleNext = (): void => {
    cancel();
    const next = state.database.statement('SELECT min(due) AS due FROM webhook_events WHERE due > ?').get(clock.now());
    if (next?.due !== null && next?.due !== undefined) {
      cancel = waitOn(clock, { milliseconds: Math.max(0, Number(next.due) - clock.now()), callback: pump });
    }
  };

  function pump(): void {
    if (stopped || state.settings.webhooks.targetUrl === '') return;
    const { concurrency, batchSize } = state.settings.webhooks;
    let open = dueEvents(state, clock.now()).filter(({ sequence }) => !inFlight.has(sequence));
    while (open.length > 0 && underWay < concurrency) {
      const batch = open.slice(0, batchSize);
      open = open.slice(batchSize);
      for (const { sequence } of batch) inFlight.add(sequence);
      underWay += 1;
      void deliver(batch);
    }
    scheduleNext();
    if (underWay > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  return {
    pump,
    requests: () => [...finished],
    settled: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    stop: () => {
      stopped = true;
      cancel();
      for (const resolve of waiting) resolve();
    },
  };
}
