/** Headers by lower-case name. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** Wait when the vendor throttles without saying for how long, or in a form that cannot be read: milliseconds. */
export const unstatedThrottleMs = 5_000;

/** No wait is taken to be longer: beyond it a resume time would be no date any more. Milliseconds, one year. */
const longestStatedMs = 31_536_000_000;

const number = /^\d+(?:\.\d+)?$/;
// Epoch forms (since 1970) are far above any wait that a vendor could mean.
const earliestEpochSeconds = 1_000_000_000;
const earliestEpochMilliseconds = 100_000_000_000;

const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
// The three forms of RFC 9110. Date.parse alone would read a date into almost any word with a number behind it.
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/;
const zone = /(?:Z|GMT|UTC|[+-]\d\d:?\d\d)$/;

const dateWait = (text: string, nowMs: number): number | undefined => {
  if (!httpDate.test(text) && !isoDate.test(text)) return undefined;
  const withZone = zone.test(text) ? text : `${text}${isoDate.test(text) ? 'Z' : ' GMT'}`;
  const instant = Date.parse(withZone);
  return Number.isNaN(instant) ? undefined : instant - nowMs;
};

const oneWait = (text: string, nowMs: number): number | undefined => {
  if (!number.test(text)) return dateWait(text, nowMs);
  const value = Number(text);
  if (value >= earliestEpochMilliseconds) return value - nowMs;
  return value >= earliestEpochSeconds ? value * 1_000 - nowMs : value * 1_000;
};

const capped = (wait: number): number => Math.min(wait, longestStatedMs);

const readRetryAfter = (text: string, nowMs: number): number | undefined => {
  const asOne = oneWait(text.trim(), nowMs);
  if (asOne !== undefined) return asOne;
  // A proxy may have joined two headers; a date holds a comma of its own, so this comes second. The longer one counts.
  const parts = text.split(',').map((part) => oneWait(part.trim(), nowMs));
  const read = parts.filter((part) => part !== undefined);
  return read.length === parts.length && read.length > 0 ? Math.max(...read) : undefined;
};

/** `"default";r=0;t=48`: the draft standard's structured field; the longest wait of the policies that are used up. */
const structuredRateLimit = (text: string): number | undefined => {
  // Names of policies are quoted and may hold anything, the separators included.
  const policies = text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(',');
  const waits = policies.flatMap((policy) => {
    const parameters = new Map(
      policy.split(';').map((part) => [part.split('=')[0]?.trim(), part.split('=')[1]?.trim()]),
    );
    const reset = parameters.get('t') ?? '';
    return parameters.get('r') === '0' && /^\d+$/.test(reset) ? [Number(reset) * 1_000] : [];
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
};

/**
 * The vendor's time when it answered, Unix milliseconds: a date of its own counts from there, because our clock and its
 * may be minutes apart. Ours where the answer has no readable Date.
 */
const answeredAt = ({ date }: Headers, nowMs: number): number => {
  const stated = date === undefined ? undefined : dateWait(date.trim(), 0);
  return stated ?? nowMs;
};

/**
 * The wait that Retry-After asks for, milliseconds, or undefined without one: seconds, decimals, HTTP-date, ISO date,
 * epoch, two joined values. One that cannot be read, is negative or past gives {@link unstatedThrottleMs}: never a
 * hammer.
 */
export const retryAfterWait = (headers: Headers, nowMs: number): number | undefined => {
  const after = headers['retry-after'];
  if (after === undefined) return undefined;
  const wait = readRetryAfter(after, answeredAt(headers, nowMs));
  return wait !== undefined && wait >= 0 ? capped(wait) : unstatedThrottleMs;
};

/**
 * The wait that an answer asks for, milliseconds, or undefined when it names none. Reads Retry-After, the structured
 * RateLimit field and RateLimit-Reset, in this order.
 */
export const statedWait = (headers: Headers, nowMs: number): number | undefined => {
  const after = retryAfterWait(headers, nowMs);
  if (after !== undefined) return after;
  const fromField = headers.ratelimit === undefined ? undefined : structuredRateLimit(headers.ratelimit);
  if (fromField !== undefined) return capped(fromField);
  const reset = headers['ratelimit-reset'] ?? headers['x-ratelimit-reset'];
  const fromReset = reset === undefined ? undefined : oneWait(reset.trim(), answeredAt(headers, nowMs));
  return fromReset !== undefined && fromReset > 0 ? capped(fromReset) : undefined;
};
