/** Headers by lower-case name. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** Wait when the vendor throttles without saying for how long, or in a form that cannot be read: milliseconds. */
export const unstatedThrottleMs = 5_000;

const number = /^\d+(?:\.\d+)?$/;
// Epoch forms (seconds since 1970) are far above any wait that a vendor could mean.
const earliestEpochSeconds = 1_000_000_000;

const oneRetryAfter = (text: string, nowMs: number): number | undefined => {
  if (number.test(text)) {
    const seconds = Number(text);
    return seconds >= earliestEpochSeconds ? seconds * 1_000 - nowMs : seconds * 1_000;
  }
  if (!/[a-z]/i.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant - nowMs;
};

const retryAfter = (text: string, nowMs: number): number | undefined => {
  const asOne = oneRetryAfter(text.trim(), nowMs);
  if (asOne !== undefined) return asOne;
  // A proxy may have joined two headers; a date holds a comma of its own, so this comes second. The longer one counts.
  const parts = text.split(',').map((part) => oneRetryAfter(part.trim(), nowMs));
  const read = parts.filter((part) => part !== undefined);
  return read.length === parts.length && read.length > 0 ? Math.max(...read) : undefined;
};

/** `"default";r=0;t=48`: the draft standard's structured field; the wait of the policies that are used up. */
const structuredRateLimit = (text: string): number | undefined => {
  const waits = [...text.matchAll(/;\s*r=(\d+)[^,]*?;\s*t=(\d+)/g)].filter((match) => match[1] === '0');
  return waits.length === 0 ? undefined : Math.max(...waits.map((match) => Number(match[2]) * 1_000));
};

const rateLimitReset = (text: string, nowMs: number): number | undefined => oneRetryAfter(text.trim(), nowMs);

/**
 * The wait that an answer asks for, milliseconds, or undefined when it names none. Reads Retry-After (seconds,
 * decimals, HTTP-date, epoch, two joined values), the structured RateLimit field and RateLimit-Reset, in this order.
 * A value that is there but cannot be read, is negative or past gives {@link unstatedThrottleMs}: never a hammer.
 */
export const statedWait = (headers: Headers, nowMs: number): number | undefined => {
  const after = headers['retry-after'];
  if (after !== undefined) {
    const wait = retryAfter(after, nowMs);
    return wait !== undefined && wait > 0 ? wait : wait === 0 ? 0 : unstatedThrottleMs;
  }
  const structured = headers['ratelimit'];
  const fromField = structured === undefined ? undefined : structuredRateLimit(structured);
  if (fromField !== undefined) return fromField;
  const reset = headers['ratelimit-reset'] ?? headers['x-ratelimit-reset'];
  const fromReset = reset === undefined ? undefined : rateLimitReset(reset, nowMs);
  return fromReset !== undefined && fromReset > 0 ? fromReset : undefined;
};
