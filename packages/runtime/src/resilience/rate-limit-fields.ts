import type { Headers } from './retry-after.ts';

/** One policy of the RateLimit fields, as far as an answer tells it. */
export interface StatedPolicy {
  /** Requests in the window: `q`. */
  readonly limit?: number | undefined;
  /** Length of the window, milliseconds: `w`. */
  readonly perMs?: number | undefined;
  /** Requests left: `r`. */
  readonly remaining?: number | undefined;
  /** Until more are to be had, milliseconds: `t`. */
  readonly resetMs?: number | undefined;
}

// One regular expression for each part, so that no input makes them look back.
const nameOf = /\s*(?:"((?:[^"\\]|\\.)*)"|([a-z*][\w.*:/-]*))/iy;
const parameterOf = /\s*;\s*([a-z*][\w.*-]*)(?:=("(?:[^"\\]|\\.)*"|:[^:]*:|[^\s;,"]+))?/iy;
const endOf = /\s*(?:,|$)/y;

interface Item {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const readAt = (pattern: RegExp, { text, at }: { text: string; at: number }): RegExpExecArray | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
};

/** The items of a structured list, or undefined where it is malformed: the draft says that such a field is ignored. */
const itemsOf = (text: string): readonly Item[] | undefined => {
  const items: Item[] = [];
  for (let at = 0; at < text.length; ) {
    const named = readAt(nameOf, { text, at });
    if (named === undefined) return undefined;
    at = nameOf.lastIndex;
    const parameters = new Map<string, string>();
    for (let found = readAt(parameterOf, { text, at }); found; found = readAt(parameterOf, { text, at })) {
      at = parameterOf.lastIndex;
      parameters.set((found[1] ?? '').toLowerCase(), found[2] ?? '');
    }
    if (readAt(endOf, { text, at }) === undefined) return undefined;
    at = endOf.lastIndex;
    items.push({ name: named[1] ?? named[2] ?? '', parameters });
  }
  return items;
};

const whole = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;

const seconds = (text: string | undefined): number | undefined => {
  const count = whole(text);
  return count === undefined ? undefined : count * 1_000;
};

/** Policies may count bytes or concurrent requests instead: `qu`. */
const countsRequests = ({ parameters }: Item): boolean => {
  const unit = parameters.get('qu');
  return unit === undefined || unit === '"requests"';
};

/**
 * The policies that the fields RateLimit and RateLimit-Policy of an answer tell, joined by their names
 * (draft-ietf-httpapi-ratelimit-headers-10). A malformed field tells nothing.
 */
export const statedPolicies = (headers: Headers): readonly StatedPolicy[] => {
  const policies = itemsOf(headers['ratelimit-policy'] ?? '') ?? [];
  const limits = itemsOf(headers.ratelimit ?? '') ?? [];
  const names = new Set([...policies, ...limits].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const policy = policies.find((item) => item.name === name);
    if (policy !== undefined && !countsRequests(policy)) return [];
    const state = limits.find((item) => item.name === name)?.parameters;
    return {
      limit: whole(policy?.parameters.get('q')),
      perMs: seconds(policy?.parameters.get('w')),
      remaining: whole(state?.get('r')),
      resetMs: seconds(state?.get('t')),
    };
  });
};
