import type { Effect } from '../../contract/effect.ts';

/** A value of a query parameter; undefined leaves the parameter out, an array repeats it. */
export type QueryValue = string | number | boolean | undefined | readonly string[];

/** One REST request. */
export interface RestRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /**
   * Path below the base URL with `{placeholders}`: what errors and metrics show. Or an absolute URL on its origin, or
   * on one of the transport's `hosts`, to which no credentials go.
   */
  readonly path: string;
  /** Values of the placeholders; percent-encoded here. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** Sent as JSON. One of `body`, `form` and `text` at most. */
  readonly body?: unknown;
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, QueryValue>>;
  /** Sent as it is, as `text/plain` unless `headers` name another type. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Makes the vendor do the request once however often it arrives. Goes into the header that the transport names, and
   * the request counts as `keyed`. The same for every sending of one write, and another for every other write. A request
   * of effect `keyed` without one takes that of its operation (`call.idempotencyKey`).
   */
  readonly idempotencyKey?: string;
  /** Version that the record must still have, as its ETag came: goes into `If-Match`, and the request is `conditional`. */
  readonly ifMatch?: string;
  /** What a second sending does; by the method unless given: POST and PATCH count as `unsafe`. */
  readonly effect?: Effect;
  /** Name of the quota that the request draws on; `default` unless given. */
  readonly quota?: string;
  /** Units of the quota that the request takes, where it is counted in cost points: 1 unless given. */
  readonly cost?: number;
}

const defaultEffects: Readonly<Record<RestRequest['method'], Effect>> = {
  GET: 'read',
  HEAD: 'read',
  PUT: 'idempotent',
  DELETE: 'idempotent',
  POST: 'unsafe',
  PATCH: 'unsafe',
};

/** What a second sending of a request does. */
export const effectOf = ({ method, effect, idempotencyKey, ifMatch }: RestRequest): Effect => {
  if (effect !== undefined) return effect;
  if (idempotencyKey !== undefined) return 'keyed';
  return ifMatch === undefined ? defaultEffects[method] : 'conditional';
};
