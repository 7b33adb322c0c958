import type { IncomingHttpHeaders } from 'node:http';
import type { SandboxDatabase } from './database.ts';
import type { FaultRule, FaultState } from './fault-rules.ts';
import type { RequestFilter, RequestRecord, WriteFilter, WriteKind, WriteRecord } from './log.ts';

/** Where a sandbox reads the time: Unix milliseconds. */
export type SandboxClock = { now(): number };

/** One request as a route handler sees it. */
export type SandboxRequest = {
  method: string;
  /** Path without the query, percent-encoded as it came. */
  path: string;
  /** Template of the matched route, '' when none matched. */
  template: string;
  /** Decoded path parameters. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Parsed JSON, a `URLSearchParams` for a form, undefined when empty, malformed or of another type. */
  body: unknown;
  /** True when the content type promised JSON and the bytes were not. */
  malformed: boolean;
  rawBody: Buffer;
  /** Number of this request in the request log. */
  sequence: number;
  /** Unix milliseconds at which the request was taken up. */
  at: number;
  /** Requests under way when this one arrived whole, itself included: a latency fault makes them overlap. */
  inFlight: number;
};

/** What a handler answers: `json`, or `text` with its own content type in `headers`, or neither for an empty body. */
export type SandboxAnswer = {
  status: number;
  headers?: Record<string, string>;
  json?: unknown;
  text?: string | Uint8Array;
};

/** A write that a handler reports, so that "two creates of one key?" can be answered later. */
export type WriteNote = { kind: WriteKind; type: string; id: string; key?: string | undefined };

/** What a handler works with, besides the request. */
export type SandboxContext<State> = {
  state: State;
  database: SandboxDatabase;
  clock: SandboxClock;
  /** Adds a line to the write log, in the transaction of the request. */
  noteWrite(note: WriteNote): void;
  /** Runs after the commit and after the answer was handed to the socket (webhooks, for example). */
  afterAnswer(task: () => void): void;
};

/** Synchronous on purpose: a request is one transaction, and two requests never interleave. */
export type RouteHandler<State> = (request: SandboxRequest, context: SandboxContext<State>) => SandboxAnswer;

/** One line of the route table; `path` is a template such as '/things/{id}'. */
export type Route<State> = { method: string; path: string; handle: RouteHandler<State> };

/** One call of the admin API under /__sandbox/. */
export type AdminHandler = (call: { query: URLSearchParams; body: unknown }) => SandboxAnswer;

/** Settings of {@link startSandbox}. */
export type SandboxOptions<State> = {
  routes: readonly Route<State>[];
  /** Builds the vendor state over the open database (create your tables here). */
  state: (database: SandboxDatabase) => State;
  clock?: SandboxClock;
  /** 0 (the default) takes a free port. */
  port?: number;
  /** SQLite file for state and logs; without it they live in memory. */
  database?: string;
  /** Runs before the handler; an answer ends the request (authentication, limits). */
  before?: (request: SandboxRequest, context: SandboxContext<State>) => SandboxAnswer | undefined;
  /** Runs after the handler; may add headers. */
  after?: (answer: SandboxAnswer, request: SandboxRequest, context: SandboxContext<State>) => SandboxAnswer;
  /** Answers an error thrown by a handler, whose changes are rolled back. Default: 500 with its message. */
  failure?: (error: unknown, request: SandboxRequest) => SandboxAnswer;
  /** Answers a path that no route has. Default: 404. */
  notFound?: (request: SandboxRequest) => SandboxAnswer;
  /** Empties and refills the vendor state on POST /__sandbox/reset. */
  resetState?: (state: State) => void;
  /** More admin calls, named like 'POST settings'; a thrown error answers 400 with its message. */
  admin?: (state: State) => Readonly<Record<string, AdminHandler>>;
  /** Largest request body in bytes, default 16 MiB; beyond it 413. */
  maxBodyBytes?: number;
};

/** A running sandbox, driven from the same process; other processes use /__sandbox/. */
export type Sandbox<State> = {
  url: string;
  port: number;
  state: State;
  database: SandboxDatabase;
  requests(filter?: RequestFilter): RequestRecord[];
  writes(filter?: WriteFilter): WriteRecord[];
  /** Every (type, key) that was created more than once; empty is what a test wants. */
  duplicateCreates(): { type: string; key: string; count: number }[];
  /** Switches a fault on and answers its id. Throws a TypeError for a rule that makes no sense. */
  inject(rule: FaultRule): string;
  faults(): FaultState[];
  clearFaults(id?: string): void;
  /** Empties logs, faults and vendor state. */
  reset(): void;
  close(): Promise<void>;
};
