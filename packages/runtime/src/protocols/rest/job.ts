import type { ConnectorErrorCode } from '../../errors/codes.ts';
import { connectorError } from '../../errors/connector-error.ts';
import { sleep } from '../../resilience/clock.ts';
import { retryAfterWait } from '../../resilience/retry-after.ts';
import type { LinesPage } from './line-pages.ts';
import type { RestCall } from './paged-source.ts';
import type { RestRequest } from './request.ts';
import type { RestAnswer, RestTransport } from './transport.ts';

/** Where a job's result lies. */
export interface JobResult extends RestRequest {
  /** The result is newline-delimited JSON, and gathered whole; for much of it take `rest.backfill`. */
  readonly isLines?: boolean;
  /** How many lines the vendor said there are. */
  readonly count?: number | undefined;
}

/** How a job stands. */
export type JobState =
  /** Not done. `waitMs` is when to ask again, milliseconds; a Retry-After of the answer counts before it. */
  | { readonly is: 'running'; readonly waitMs?: number | undefined }
  /** Done: fetch the result, or take what the answer itself holds. */
  | { readonly is: 'done'; readonly result: JobResult | { readonly body: unknown } }
  | { readonly is: 'failed'; readonly code?: ConnectorErrorCode; readonly vendorCode?: string | undefined };

/** What a vendor works out in its own time: started, asked after, fetched. */
export interface AsyncJob<Input> {
  readonly start: (input: Input) => RestRequest;
  /** Asks how the job stands. Gets the answer to its start. */
  readonly poll: (started: RestAnswer) => RestRequest;
  /** Reads how the job stands from the answer to `poll`. */
  readonly state: (answer: RestAnswer) => JobState;
  /** Time between two polls where the vendor names none, milliseconds; 5 seconds unless given. */
  readonly intervalMs?: number;
  /** Time for the whole job, milliseconds; an hour unless given. */
  readonly deadlineMs?: number;
}

const defaultIntervalMs = 5_000;
const defaultDeadlineMs = 3_600_000;

/**
 * Makes a function that starts a job at the vendor, waits for it and fetches its result: one JSON value, or the values
 * of its lines. Waits end with the caller's signal.
 * @throws ConnectorError `timeout` when the job is not done by its deadline; the code of `failed`, or `invalid-request`
 * with the vendor's own code, for a job that failed; `truncated` for a result that stays cut.
 */
export const asyncJob =
  <Name extends string, Input>(name: Name, job: AsyncJob<Input>) =>
  async (call: RestCall<Name>, input: Input): Promise<unknown> => {
    const transport = call.transports[name];
    const { deadlineMs = defaultDeadlineMs } = job;
    const endsAt = transport.clock.monotonic() + deadlineMs;
    const started = await transport.send(job.start(input));
    const pause = async (wait: number): Promise<void> => {
      if (transport.clock.monotonic() + wait > endsAt) throw tooLate(deadlineMs, call.now() + wait);
      await sleep(transport.clock, wait, call.signal);
    };
    // The answer to the start may say already when it makes sense to ask.
    await pause(retryAfterWait(started.headers, call.now()) ?? 0);
    for (;;) {
      const answer = await transport.send(job.poll(started));
      const state = job.state(answer);
      if (state.is === 'failed') throw jobFailed(state);
      if (state.is === 'done') return fetchResult(transport, state.result);
      await pause(waitOf(answer, { stated: state.waitMs, own: job.intervalMs, nowMs: call.now() }));
    }
  };

/** A vendor that asks for no wait at all, or for one that is no number, is not hammered. */
const waitOf = (
  { headers }: RestAnswer,
  { stated, own = defaultIntervalMs, nowMs }: { stated: number | undefined; own: number | undefined; nowMs: number },
): number => {
  const wait = retryAfterWait(headers, nowMs) ?? stated ?? own;
  return Number.isFinite(wait) ? Math.max(wait, Math.min(own, 1_000)) : own;
};

const jobFailed = ({ code = 'invalid-request', vendorCode }: JobState & { is: 'failed' }) =>
  connectorError(code, 'the vendor could not do the job', { vendorCode });

const tooLate = (deadlineMs: number, resumeAt: number) =>
  connectorError('timeout', `the job was not done within ${deadlineMs} ms: raise deadlineMs, or ask for less`, {
    resumeAt,
  });

const fetchResult = async (transport: RestTransport, result: JobResult | { body: unknown }): Promise<unknown> => {
  if (!('path' in result)) return result.body;
  const { isLines = false, count, ...request } = result;
  if (isLines) return gathered(transport.lines(request, { count, isGathered: true }));
  return (await transport.send(request)).body;
};

const gathered = async (pages: AsyncIterable<LinesPage>): Promise<readonly unknown[]> => {
  const all: unknown[] = [];
  for await (const { lines } of pages) for (const line of lines) all.push(line);
  return all;
};
