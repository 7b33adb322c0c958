import type { ListRequest } from '../contract/operations.ts';

/**
 * The request with its window widened to what a filter of the given step can tell apart. The vendor compares whole
 * steps, perhaps of another time zone and perhaps exclusively: one whole step more on both sides loses nothing.
 */
export const widenedWindow = (request: ListRequest, stepMs: number | undefined): ListRequest => {
  const { since, until } = request;
  if (stepMs === undefined || (since === undefined && until === undefined)) return request;
  return {
    ...request,
    since: since && new Date(Math.max(0, (Math.floor(since.getTime() / stepMs) - 1) * stepMs)),
    until: until && new Date((Math.ceil(until.getTime() / stepMs) + 1) * stepMs),
  };
};

/** The vendor's own time in an answer's Date header, Unix milliseconds: our clock may be minutes off. */
export const vendorTime = (headers: Readonly<Record<string, string | undefined>>): number | undefined => {
  const at = Date.parse(headers.date ?? '');
  return Number.isNaN(at) ? undefined : at;
};
