import type { CallOptions, ListRequest, Page } from '@mortise/runtime';
import { type AnyLive, breach, type Trial, type Unproved, unproved } from './trial.ts';

/** Pages after which a walk is taken for one that never ends. */
const mostPages = 400;

/** Reads a list to its end. Fails the check where there is none. */
export const pagesOf = async (
  live: AnyLive,
  request: ListRequest & CallOptions = {},
): Promise<readonly Page<unknown>[]> => {
  const pages: Page<unknown>[] = [];
  for await (const page of live.list?.(request) ?? []) {
    pages.push(page);
    if (pages.length > mostPages) return breach(`the list goes on after ${mostPages} pages`);
  }
  return pages;
};

/** The keys of the records of some pages, as often as they came. */
export const keysOf = (live: AnyLive, pages: readonly Page<unknown>[]): readonly string[] =>
  pages.flatMap(({ records }) => records.flatMap((record) => live.port.keyOf(record) ?? []));

/** All keys that a list gives. */
export const listedKeys = async (
  { drive }: Trial,
  live: AnyLive,
  request: ListRequest & CallOptions = {},
): Promise<readonly string[]> => keysOf(live, await drive(pagesOf(live, request)));

/** Those of the expected keys that are missing. */
export const missingOf = (expected: readonly string[], found: readonly string[]): readonly string[] => {
  const there = new Set(found);
  return expected.filter((key) => !there.has(key));
};

/** Fails the check where expected keys are missing. Says how many, never which: keys may be records' values. */
export const wantAll = (expected: readonly string[], found: readonly string[], where: string): void => {
  const missing = missingOf(expected, found);
  if (missing.length > 0) breach(`${missing.length} of ${expected.length} records are missing ${where}`);
};

const minuteMs = 60_000;

/** A change stamp in the recent past, on a whole minute: every granularity has it. Unix milliseconds. */
export const recentStamp = ({ clock }: Trial, minutesAgo = 120): number =>
  Math.floor(clock.now() / minuteMs) * minuteMs - minutesAgo * minuteMs;

/** Makes records with one stamp. */
export const putAt = async ({ hands }: Trial, count: number, at: number): Promise<readonly string[] | Unproved> =>
  hands?.put === undefined ? unproved('the world cannot put records') : hands.put(count, { at });

/** Keys of at least so many live records, new ones where the world can make them. */
export const someRecords = async (trial: Trial, count: number): Promise<readonly string[] | Unproved> => {
  const { hands } = trial;
  if (hands === undefined) return unproved('the world has no hand in the resource');
  if (hands.put !== undefined) return hands.put(count, { at: recentStamp(trial) });
  const ids = await hands.ids();
  return ids.length < count ? unproved(`the world has fewer than ${count} records`) : ids;
};

/** Whether a helper said that the world cannot do it. */
export const isUnproved = (value: unknown): value is Unproved =>
  typeof value === 'object' && value !== null && 'unproved' in value;
