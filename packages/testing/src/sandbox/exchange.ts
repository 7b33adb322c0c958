import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseBody, readBody } from './body.ts';
import type { SandboxDatabase } from './database.ts';
import { emptyAnswer, htmlAnswer, resetConnection, sendAnswer, sendTruncated } from './delivery.ts';
import type { FaultBook, FaultRule } from './fault-rules.ts';
import { attemptHeaders, loggedQuery, type SandboxLog } from './log.ts';
import type { Router } from './router.ts';
import type { SandboxAnswer, SandboxClock, SandboxContext, SandboxOptions, SandboxRequest } from './types.ts';

/** What one exchange needs of its sandbox. */
export type ExchangeParts<State> = {
  options: SandboxOptions<State>;
  state: State;
  database: SandboxDatabase;
  log: SandboxLog;
  faults: FaultBook;
  router: Router<State>;
  clock: SandboxClock;
  /** Requests whose bodies were read and whose answers are not out. */
  underWay: { count: number };
};

/** Work that waits until the answer is out. */
type Deferred = { tasks: (() => void)[] };

const defaultMaxBodyBytes = 16 * 1024 * 1024;

function requestOf<State>(message: IncomingMessage, bytes: Buffer, parts: ExchangeParts<State>): SandboxRequest {
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const method = message.method ?? 'GET';
  const found = parts.router(method, path);
  return {
    method,
    path,
    template: found?.route.path ?? '',
    params: found?.params ?? {},
    query: new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1)),
    headers: message.headers,
    ...parseBody(bytes, message.headers['content-type']),
    rawBody: bytes,
    sequence: parts.log.nextRequest(),
    at: parts.clock.now(),
    inFlight: parts.underWay.count,
  };
}

function contextOf<State>(parts: ExchangeParts<State>, request: SandboxRequest, { tasks }: Deferred) {
  const context: SandboxContext<State> = {
    state: parts.state,
    database: parts.database,
    clock: parts.clock,
    noteWrite: ({ kind, type, id, key }) =>
      parts.log.addWrite({ at: request.at, kind, type, id, key: key ?? null, request: request.sequence }),
    afterAnswer: (task) => tasks.push(task),
  };
  return context;
}

function routed<State>(parts: ExchangeParts<State>, request: SandboxRequest, context: SandboxContext<State>) {
  const early = parts.options.before?.(request, context);
  if (early !== undefined) return early;
  const found = parts.router(request.method, request.path);
  if (found !== undefined) return found.route.handle(request, context);
  return parts.options.notFound?.(request) ?? { status: 404, json: { message: `No route for ${request.path}` } };
}

/** Runs the handler inside a savepoint: an error undoes its changes and is answered. */
function attempted<State>(
  parts: ExchangeParts<State>,
  request: SandboxRequest,
  { context, tasks }: { context: SandboxContext<State> } & Deferred,
): SandboxAnswer {
  const { statement } = parts.database;
  statement('SAVEPOINT request').run();
  try {
    const answer = routed(parts, request, context);
    statement('RELEASE request').run();
    return answer;
  } catch (error) {
    statement('ROLLBACK TO request').run();
    statement('RELEASE request').run();
    tasks.length = 0;
    const message = error instanceof Error ? error.message : String(error);
    return parts.options.failure?.(error, request) ?? { status: 500, json: { message } };
  }
}

function handled<State>(parts: ExchangeParts<State>, request: SandboxRequest, { tasks }: Deferred): SandboxAnswer {
  const context = contextOf(parts, request, { tasks });
  const answer = attempted(parts, request, { context, tasks });
  return parts.options.after?.(answer, request, context) ?? answer;
}

function replacement(fault: FaultRule | undefined): SandboxAnswer | undefined {
  if (fault?.kind === 'empty') return emptyAnswer;
  if (fault?.kind === 'html') return htmlAnswer;
  if (fault?.kind !== 'status') return undefined;
  const body: SandboxAnswer =
    typeof fault.body === 'string' ? { status: 0, text: fault.body } : { status: 0, json: fault.body };
  return { ...body, status: fault.status ?? 500, ...(fault.headers === undefined ? {} : { headers: fault.headers }) };
}

const skipsHandler = (fault: FaultRule | undefined): boolean =>
  fault?.kind === 'reset' || (replacement(fault) !== undefined && fault?.when !== 'after');

const sendsNothing = (fault: FaultRule | undefined): boolean =>
  fault?.kind === 'reset' || fault?.kind === 'drop-after-write';

/** State, writes and the log line commit in one transaction, before a byte of the answer leaves. */
function settle<State>(
  parts: ExchangeParts<State>,
  request: SandboxRequest,
  { fault, tasks }: { fault: FaultRule | undefined } & Deferred,
): SandboxAnswer {
  return parts.database.transaction(() => {
    let answer: SandboxAnswer = { status: 0 };
    if (!skipsHandler(fault)) answer = handled(parts, request, { tasks });
    // 'duplicate' stands for a proxy that sends the request twice: both are handled, the second is answered.
    if (fault?.kind === 'duplicate') answer = handled(parts, request, { tasks });
    answer = replacement(fault) ?? answer;
    parts.log.addRequest({
      sequence: request.sequence,
      at: request.at,
      method: request.method,
      path: request.path,
      query: loggedQuery(request.query),
      template: request.template,
      status: sendsNothing(fault) ? 0 : answer.status,
      requestBytes: request.rawBody.length,
      headers: attemptHeaders(request.headers),
      fault: fault?.kind ?? '',
    });
    return answer;
  });
}

function deliver(response: ServerResponse, answer: SandboxAnswer, fault: FaultRule | undefined): void {
  if (sendsNothing(fault)) resetConnection(response);
  else if (fault?.kind === 'truncate') sendTruncated(response, answer);
  else sendAnswer(response, answer);
}

/** Takes one HTTP request from its first byte to the end of its answer. */
export async function exchange<State>(
  parts: ExchangeParts<State>,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const read = await readBody(message, parts.options.maxBodyBytes ?? defaultMaxBodyBytes);
  if ('failure' in read) {
    if (read.failure === 'too-large') sendAnswer(response, { status: 413, json: { message: 'Body too large' } });
    return;
  }
  parts.underWay.count += 1;
  try {
    await answerRead(parts, requestOf(message, read.bytes, parts), response);
  } finally {
    parts.underWay.count -= 1;
  }
}

async function answerRead<State>(
  parts: ExchangeParts<State>,
  request: SandboxRequest,
  response: ServerResponse,
): Promise<void> {
  const fault = parts.faults.take(request);
  if (fault?.kind === 'latency') {
    await new Promise((resolve) => setTimeout(resolve, fault.milliseconds ?? 1000));
  }
  const tasks: (() => void)[] = [];
  const answer = settle(parts, request, { fault, tasks });
  deliver(response, answer, fault);
  for (const task of tasks) task();
}
