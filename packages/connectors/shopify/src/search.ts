import type { ListRequest } from '@mortise/runtime';
import { granularityMs } from './vendor-facts.ts';

const wholeSecond = (ms: number): number => Math.floor(ms / granularityMs) * granularityMs;

/** An instant of a whole second, in the search's quotes. */
const quotedSecond = (ms: number): string => `'${new Date(wholeSecond(ms)).toISOString().replace('.000Z', 'Z')}'`;

/** A value in quotes, so that nothing in it is taken for syntax. */
export const quotedText = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The window with both ends at the whole seconds that Shopify keeps, and both still within it. */
export const secondsWindow = ({ since, until }: ListRequest): Pick<ListRequest, 'since' | 'until'> => ({
  since: since && new Date(Math.max(0, wholeSecond(since.getTime()))),
  until: until && new Date(wholeSecond(until.getTime())),
});

/**
 * The terms of a window: from the second of `since` up to and with the second of `until`. The upper end is written as
 * "before the next second", because a stamp may be kept finer than it is shown.
 */
export const windowTerms = (field: string, { since, until }: Pick<ListRequest, 'since' | 'until'>): string[] => [
  ...(since === undefined ? [] : [`${field}:>=${quotedSecond(since.getTime())}`]),
  ...(until === undefined ? [] : [`${field}:<${quotedSecond(until.getTime() + granularityMs)}`]),
];

/** One field with any of these values. */
export const anyOf = (field: string, values: readonly string[]): string =>
  values.map((value) => `${field}:${quotedText(value)}`).join(' OR ');

/** Terms that must all hold, as a variable; null where there are none, which searches nothing and so does not lag. */
export const allOf = (terms: readonly string[]): string | null => (terms.length === 0 ? null : terms.join(' AND '));
