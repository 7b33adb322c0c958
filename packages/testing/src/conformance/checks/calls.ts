import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { isConnectorError } from '@mortise/runtime';
import { sensitiveNamesWith } from '../../cassette/sensitive.ts';
import type { CheckRuns } from '../check.ts';
import { type AnyLive, breach, errorOf, type Trial, type Unproved, unproved } from '../trial.ts';
import { pagesOf } from '../walk.ts';
import type { WireExchange, WireRule } from '../wire.ts';
import type { WireReply, WireRequest } from '../world.ts';

type Verdict = Promise<Unproved | undefined>;

const isToken = ({ dialect }: Trial, request: WireRequest): boolean => dialect.isTokenRequest?.(request) === true;

/** The requests that are not logins. */
const calls = (trial: Trial): readonly WireExchange[] =>
  trial.wire.exchanges.filter((exchange) => !isToken(trial, exchange));

/** A rule for the requests that are not logins: the first ones so many times, or all. */
const onCalls = (trial: Trial, { times, reply }: { times: number; reply: () => WireReply }): WireRule => {
  let left = times;
  return (request) => {
    if (isToken(trial, request) || left === 0) return undefined;
    left -= 1;
    return { kind: 'reply', reply: reply() };
  };
};

const read = (live: AnyLive): Promise<unknown> => pagesOf(live);

const wantWait = async (trial: Trial, { reply, waitMs }: { reply: () => WireReply; waitMs: number }): Verdict => {
  const { wire, drive } = trial;
  wire.rule(onCalls(trial, { times: 1, reply }));
  const error = await errorOf(drive(read(trial.fresh())));
  const [first, second] = calls(trial);
  if (error !== undefined || first === undefined || second === undefined) {
    return breach(`one refusal with a wait ends the call: ${error?.code ?? 'nothing was sent again'}`);
  }
  const waited = second.at - first.at;
  if (waited < waitMs) breach(`the vendor asked for ${waitMs} ms, and was asked again after ${waited} ms`);
  return undefined;
};

const throttled = (waitMs: number): WireReply => ({
  status: 429,
  headers: { 'retry-after': String(Math.ceil(waitMs / 1_000)) },
  body: { message: 'too many requests' },
});

const vendorThrottle = (trial: Trial): Verdict => {
  const { dialect } = trial;
  const waitMs = dialect.throttledMs ?? 7_000;
  const reply = dialect.throttled ?? throttled;
  return wantWait(trial, { reply: () => reply(waitMs), waitMs });
};

const retryAfter = (trial: Trial): Verdict => {
  const waitMs = 9_000;
  const headers = { 'retry-after': String(waitMs / 1_000) };
  return wantWait(trial, { reply: () => ({ status: 503, headers, body: { message: 'busy' } }), waitMs });
};

const transientRepeated = async (trial: Trial): Verdict => {
  const { wire, drive } = trial;
  wire.rule(onCalls(trial, { times: 1, reply: () => ({ status: 502, body: 'bad gateway' }) }));
  const error = await errorOf(drive(read(trial.fresh())));
  if (error !== undefined) breach(`a read is given up after one bad gateway: ${error.code}`);
  return undefined;
};

const forbiddenReply = (): WireReply => ({ status: 403, body: { message: 'forbidden' } });
const unauthenticatedReply = (): WireReply => ({ status: 401, body: { message: 'unauthenticated' } });

const wantRefusal = async (trial: Trial, { reply, code }: { reply: () => WireReply; code: string }): Verdict => {
  const { wire, drive } = trial;
  wire.rule(onCalls(trial, { times: Number.POSITIVE_INFINITY, reply }));
  const error = await errorOf(drive(read(trial.fresh())));
  if (error?.code !== code) breach(`the vendor's refusal is told as ${error?.code ?? 'a list'}, not as ${code}`);
  // Once more after credentials were renewed, where they can be.
  const sent = calls(trial).length;
  if (sent > 2) breach(`a refusal that stays is asked for ${sent} times`);
  return undefined;
};

const renewedOnce = async (trial: Trial): Verdict => {
  const { wire, dialect, drive } = trial;
  if (dialect.isTokenRequest === undefined) return unproved('the credentials of this world are static');
  const live = trial.fresh();
  await errorOf(drive(read(live)));
  const before = wire.exchanges.filter((exchange) => isToken(trial, exchange)).length;
  wire.rule(onCalls(trial, { times: 1, reply: dialect.unauthenticated ?? unauthenticatedReply }));
  const error = await errorOf(drive(read(live)));
  const renewals = wire.exchanges.filter((exchange) => isToken(trial, exchange)).length - before;
  if (error !== undefined) breach(`credentials that have ended are not renewed: ${error.code}`);
  if (renewals !== 1) breach(`credentials that have ended are renewed ${renewals} times`);
  return undefined;
};

const contention = 50;

const oneRenewal = async (trial: Trial): Verdict => {
  const { wire, dialect, drive } = trial;
  if (dialect.isTokenRequest === undefined) return unproved('the credentials of this world are static');
  const live = trial.fresh();
  const first = async (): Promise<void> => {
    for await (const _page of live.list?.() ?? []) return;
  };
  await drive(Promise.all(Array.from({ length: contention }, () => first())));
  const logins = wire.exchanges.filter((exchange) => isToken(trial, exchange)).length;
  if (logins !== 1) breach(`${contention} calls at once sign in ${logins} times`);
  return undefined;
};

/** What is sent in the background would have come by then, real milliseconds. */
const settleMs = 50;

const abortCancels = async (trial: Trial): Verdict => {
  const { wire, drive } = trial;
  const stop = new AbortController();
  wire.rule((request) => {
    if (isToken(trial, request)) return undefined;
    queueMicrotask(() => stop.abort());
    return { kind: 'hang' };
  });
  const live = trial.fresh();
  const error = await errorOf(drive(pagesOf(live, { signal: stop.signal })));
  if (error?.code !== 'cancelled') breach(`an aborted call ends in ${error?.code ?? 'a list'}`);
  await pause(settleMs);
  const isClosed = async (): Promise<void> => {
    while (!calls(trial).every(({ isAbandoned }) => isAbandoned)) await new Promise((resolve) => setImmediate(resolve));
  };
  const patience = new Promise<'open'>((resolve) => setTimeout(resolve, 5_000, 'open').unref());
  if ((await Promise.race([isClosed(), patience])) === 'open') breach('the request of an aborted call stays open');
  return undefined;
};

const abortWhileWaiting = async (trial: Trial): Verdict => {
  const { wire, drive, dialect } = trial;
  const stop = new AbortController();
  const reply = dialect.throttled ?? throttled;
  wire.rule(onCalls(trial, { times: 5, reply: () => reply(dialect.throttledMs ?? 7_000) }));
  const told = trial.events.length;
  let isOver = false;
  const call = pagesOf(trial.fresh(), { signal: stop.signal }).finally(() => {
    isOver = true;
  });
  call.catch(() => {});
  // The answer on the wire is not enough: a call waits once it has read the refusal, and says so.
  const isWaiting = (): boolean => trial.events.slice(told).some(({ type }) => type === 'attempt-failed');
  const waits = async (): Promise<void> => {
    while (!isWaiting() && !isOver) await new Promise((resolve) => setImmediate(resolve));
  };
  await drive(waits());
  stop.abort();
  const error = await errorOf(drive(call));
  if (error?.code !== 'cancelled') breach(`a call that is aborted while it waits ends in ${error?.code ?? 'a list'}`);
  await pause(settleMs);
  const sent = calls(trial).length;
  if (sent > 1) breach('a call that was aborted while it waited is sent again');
  return undefined;
};

const hangEnds = async (trial: Trial): Verdict => {
  const { wire, drive } = trial;
  wire.rule((request) => (isToken(trial, request) ? undefined : { kind: 'hang' }));
  const error = await errorOf(drive(read(trial.fresh())));
  if (error?.code !== 'timeout') breach(`a vendor that never answers is told as ${error?.code ?? 'a list'}`);
  return undefined;
};

const httpsOnly = async (trial: Trial): Verdict => {
  const { session, wire, connect, name, drive } = trial;
  const path = new URL(wire.url).pathname;
  const settings = session.settings(`http://vendor.invalid${path === '/' ? '' : path}`);
  const attempt = async (): Promise<void> => {
    const live = connect({ settings })[name];
    if (live !== undefined) await pagesOf(live);
  };
  const error = await errorOf(drive(attempt()));
  if (error?.code !== 'unsafe-url') breach(`plain http to another host ends in ${error?.code ?? 'a list'}`);
  return undefined;
};

/** Every text of the credentials that is long enough to be looked for. */
const secretsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return value.length >= 8 ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsOf) : [];
};

/** All that a person or a log could see of an error. */
const shown = (error: unknown): string => {
  const json = isConnectorError(error) ? JSON.stringify(error) : '';
  return `${json}\n${inspect(error, { depth: 12, showHidden: false })}`;
};

const echoed = (said: string, status: number): WireReply => ({
  status,
  body: { message: said, error: said, title: said, detail: said, errors: [{ message: said }] },
});

const saidBy = (request: WireRequest): string => `${JSON.stringify(request.headers)} ${request.body}`;

/** An echo in the places of codes and ids, too: a credential may be seen nowhere. */
const echoedEverywhere = (request: WireRequest, status: number): WireReply => {
  const said = saidBy(request);
  const errors = [{ message: said, code: said, extensions: { code: said } }];
  const headers = { 'x-request-id': said.slice(0, 60).replace(/[^\x20-\x7e]/g, '') };
  const body = { message: said, error: said, code: said, category: said, correlationId: said, title: said, errors };
  return { status, headers, body };
};

const echoes = [400, 401, 403, 404, 409, 422, 500];

/** Texts that must not be seen, in what the vendor's echoes made of a call. */
const leaksOf = async (trial: Trial, secrets: readonly string[]): Promise<number> => {
  const { wire, drive, events } = trial;
  const { refusing } = trial.dialect;
  const replies = echoes.map((status) => (request: WireRequest) => echoedEverywhere(request, status));
  if (refusing !== undefined) replies.push((request) => refusing(saidBy(request)));
  let leaks = 0;
  for (const reply of replies) {
    wire.rule((request) => (isToken(trial, request) ? undefined : { kind: 'reply', reply: reply(request) }));
    const text = shown(await errorOf(drive(read(trial.fresh()))));
    leaks += secrets.filter((secret) => text.includes(secret)).length;
  }
  const told = JSON.stringify(events);
  return leaks + secrets.filter((secret) => told.includes(secret)).length;
};

const names = sensitiveNamesWith([]);

/** Credentials that a request carried, in whatever header: `Bearer x`, or `x` alone. Shorter ones are words. */
const credentialsIn = (headers: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(headers).flatMap(([name, value]) => {
    const credential = value?.split(' ').at(-1) ?? '';
    return names.header(name) && credential.length >= 6 ? [credential] : [];
  });

const secretsHidden = async (trial: Trial): Verdict => {
  const { wire, session, drive } = trial;
  // What the vendor made of them counts as well: tokens are seen on the wire.
  await errorOf(drive(read(trial.fresh())));
  const carried = wire.exchanges.flatMap(({ headers }) => credentialsIn(headers));
  const secrets = [...new Set([...secretsOf(session.credentials), ...carried])];
  const leaks = await leaksOf(trial, secrets);
  if (leaks > 0) breach('an error or event shows a credential that the vendor echoed');
  return undefined;
};

const canary = 'canary-value-of-a-person';

const valuesHidden = async (trial: Trial): Verdict => {
  const { wire, drive, events } = trial;
  const { refusing } = trial.dialect;
  const replies = echoes.map((status) => echoed(canary, status));
  if (refusing !== undefined) replies.push(refusing(canary));
  let isSeen = false;
  for (const reply of replies) {
    wire.rule((request) => (isToken(trial, request) ? undefined : { kind: 'reply', reply }));
    const error = await errorOf(drive(read(trial.fresh())));
    isSeen ||= shown(error).includes(canary);
  }
  if (isSeen || JSON.stringify(events).includes(canary)) {
    breach("an error or event quotes a value of the vendor's message");
  }
  return undefined;
};

/** How calls end, wait, are stopped, and what is seen of them. */
export const callChecks: CheckRuns = {
  'vendor-throttle-obeyed': vendorThrottle,
  'retry-after-obeyed': retryAfter,
  'transient-failure-repeated': transientRepeated,
  'forbidden-told': (trial) =>
    wantRefusal(trial, { reply: trial.dialect.forbidden ?? forbiddenReply, code: 'forbidden' }),
  'unauthenticated-told': (trial) =>
    wantRefusal(trial, { reply: trial.dialect.unauthenticated ?? unauthenticatedReply, code: 'unauthenticated' }),
  'credentials-renewed-once': renewedOnce,
  'one-renewal-for-fifty-calls': oneRenewal,
  'abort-cancels': abortCancels,
  'abort-ends-a-wait': abortWhileWaiting,
  'silence-ends-in-timeout': hangEnds,
  'plain-http-refused': httpsOnly,
  'secrets-hidden': secretsHidden,
  'values-hidden': valuesHidden,
};
