import type { LiveAuth } from '../auth/auth.ts';
import type { Redact } from '../errors/redact.ts';
import type { QuotaRule } from '../resilience/quota.ts';
import type { ConnectionOptions } from './open.ts';
import type { ConnectionAccess } from './permissions.ts';
import type { ResourceWork } from './resource-work.ts';

/**
 * What a connection is, in plain facts. Each protocol makes a call road of them (`callRoad`), and all transports of a
 * connection get the same one: one quota, one retry budget, one breaker, one set of credentials.
 */
export interface ConnectionFacts {
  readonly connector: string;
  readonly connection: string;
  /** As the host gave them: limits still unchecked, defaults not yet filled in. */
  readonly options: ConnectionOptions;
  /** The quota rules of all transports. */
  readonly quota: readonly QuotaRule[];
  readonly redact: Redact;
  /** Tells the redactor of a credential that only came up now; a lasting one stays as long as the connection. */
  readonly remember: (credential: string, isLasting?: boolean) => void;
  readonly auth: LiveAuth;
  /** Told, by the call road, of what resources do over it. */
  readonly takeUp?: (work: ResourceWork) => void;
  /** Its permissions; absent while it signs in. */
  readonly access?: ConnectionAccess;
  /** The same connection as it signs in: without credentials, and with everything else in common. */
  readonly bare?: ConnectionFacts;
}
