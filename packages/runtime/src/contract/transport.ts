import type { OperationContext } from '../resilience/call-road.ts';
import type { QuotaRule } from '../resilience/quota.ts';
import type { ConnectionFacts } from './connection-facts.ts';

/**
 * How a vendor is spoken to, before a connection is opened. Made by a protocol (`rest(…)`, `graphql(…)`); `Live` is
 * what operations get to call.
 */
export interface TransportDefinition<Live> {
  readonly protocol: string;
  readonly quota: readonly QuotaRule[];
  /**
   * Binds the transport to a connection, then to each operation.
   * @throws ConnectorError `unsafe-url` when its URL may not be used.
   */
  readonly connect: (facts: ConnectionFacts) => (context: OperationContext) => Live;
}

/** The transports of a vendor by name: one vendor may need several hosts and protocols. */
export type TransportMap = Readonly<Record<string, TransportDefinition<unknown>>>;

/** What operations see of a vendor's transports. */
export type LiveTransports<Transports> = {
  readonly [Name in keyof Transports]: Transports[Name] extends TransportDefinition<infer Live> ? Live : never;
};
