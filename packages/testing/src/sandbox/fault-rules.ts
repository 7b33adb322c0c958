import { isRecord } from './record.ts';

/** What can go wrong on demand. */
export type FaultKind =
  | 'status'
  | 'latency'
  | 'truncate'
  | 'reset'
  | 'drop-after-write'
  | 'duplicate'
  | 'reorder'
  | 'empty'
  | 'html';

/** A fault and the requests that it meets. */
export type FaultRule = {
  kind: FaultKind;
  /** All given parts must match. `path` is a route template, a literal path, or a path with '*' for any characters. */
  match?: { method?: string; path?: string };
  /** The first matching request to hit, counted from 1 (the default) since the rule was set. */
  nth?: number;
  /** How many requests to hit in a row, default 1; 'always' until removed. */
  count?: number | 'always';
  /** kind 'status': the answer. Status defaults to 500. */
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** kinds 'status', 'empty', 'html': 'after' lets the handler do its work first, then replaces its answer. */
  when?: 'before' | 'after';
  /** kind 'latency': milliseconds to wait before the request is handled. */
  milliseconds?: number;
};

/** A rule that is switched on, with counts of how many requests it matched and how many it hit. */
export type FaultState = FaultRule & { id: string; matched: number; hits: number };

const kinds: readonly FaultKind[] = [
  'status',
  'latency',
  'truncate',
  'reset',
  'drop-after-write',
  'duplicate',
  'reorder',
  'empty',
  'html',
];

function isKind(value: unknown): value is FaultKind {
  return kinds.some((kind) => kind === value);
}

const optional = (value: unknown, type: 'number' | 'string'): boolean => value === undefined || typeof value === type;

function isMatch(value: unknown): boolean {
  return value === undefined || (isRecord(value) && optional(value.method, 'string') && optional(value.path, 'string'));
}

function isRule(value: unknown): value is FaultRule {
  if (!isRecord(value) || !isKind(value.kind) || !isMatch(value.match)) return false;
  const { nth, count, status, milliseconds, when } = value;
  if (![nth, status, milliseconds].every((field) => optional(field, 'number'))) return false;
  if (when !== undefined && when !== 'before' && when !== 'after') return false;
  return optional(count, 'number') || count === 'always';
}

/** Checks a rule that came from outside. Throws a TypeError with one sentence. */
export function parseFaultRule(value: unknown): FaultRule {
  if (isRule(value)) return value;
  throw new TypeError(
    `A fault rule needs "kind" (one of ${kinds.join(', ')}); match, nth, count, status, when and milliseconds must have their documented types.`,
  );
}

/** The rules of one sandbox. */
export type FaultBook = {
  add(rule: FaultRule): string;
  list(): FaultState[];
  clear(id?: string): void;
  /** Counts the request against every rule and answers the first that hits. */
  take(request: { method: string; path: string; template: string }): FaultRule | undefined;
};

function pathMatches(pattern: string, request: { path: string; template: string }): boolean {
  if (pattern === request.template || pattern === request.path) return true;
  if (!pattern.includes('*')) return false;
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  if (!request.path.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = request.path.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return request.path.length - last.length >= from && request.path.endsWith(last);
}

function matches(rule: FaultRule, request: { method: string; path: string; template: string }): boolean {
  const { method, path } = rule.match ?? {};
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  return path === undefined || pathMatches(path, request);
}

function isHit(rule: FaultState): boolean {
  const first = rule.nth ?? 1;
  if (rule.matched < first) return false;
  return rule.count === 'always' || rule.matched < first + (rule.count ?? 1);
}

/** An empty book of rules. Rules live in memory: a restarted sandbox has none. */
export function createFaultBook(): FaultBook {
  let rules: FaultState[] = [];
  let last = 0;
  return {
    add: (rule) => {
      last += 1;
      rules.push({ ...parseFaultRule(rule), id: String(last), matched: 0, hits: 0 });
      return String(last);
    },
    list: () => rules.map((rule) => ({ ...rule })),
    clear: (id) => {
      rules = id === undefined ? [] : rules.filter((rule) => rule.id !== id);
    },
    take: (request) => {
      const matching = rules.filter((rule) => matches(rule, request));
      for (const rule of matching) rule.matched += 1;
      const hit = matching.find(isHit);
      if (hit !== undefined) hit.hits += 1;
      return hit;
    },
  };
}
