import { isRecord } from '@mortise/testing';
import { onTestFinished } from 'vitest';
import { type HubSpotSandbox, type HubSpotSandboxOptions, startHubSpotSandbox } from '../src/index.ts';

/** A sandbox that closes when its test ends. */
export async function startedSandbox(options: HubSpotSandboxOptions = {}): Promise<HubSpotSandbox> {
  const sandbox = await startHubSpotSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** What a call answered. */
export type Answered = { status: number; headers: Headers; body: Record<string, unknown> };

/** Calls a sandbox with its default token; `body` given makes it a POST unless `method` says otherwise. */
export async function call(
  sandbox: { url: string },
  path: string,
  { method, body, token = 'sandbox-token' }: { method?: string; body?: unknown; token?: string } = {},
): Promise<Answered> {
  const response = await fetch(sandbox.url + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed: unknown = text === '' ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, body: isRecord(parsed) ? parsed : {} };
}

/** The rows of an answer. */
export function results(answer: Answered): Record<string, unknown>[] {
  return Array.isArray(answer.body.results) ? answer.body.results.filter(isRecord) : [];
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
