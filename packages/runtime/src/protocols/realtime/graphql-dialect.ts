import type { AuthHeaders } from '../../auth/auth.ts';
import { readField } from '../../contract/field.ts';
import { loadPeer } from '../../errors/absent-peer.ts';
import type { Failure } from '../../errors/failure.ts';
import { completed, lost, stopped } from './connection-end.ts';
import type { Dialect, Step } from './dialect.ts';

/** One subscription over graphql-ws. */
export interface GraphqlSubscription {
  /** The document: one subscription. Its name is what errors and metrics show. */
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** What a vendor's own message or error says, as far as the connector knows it. */
export type Refusal = Pick<Failure, 'code' | 'renew' | 'waitMs'>;

/** An error of GraphQL, without its message, which may quote values. */
export interface SubscriptionError {
  /** `extensions.code`. */
  readonly code: string | undefined;
  /** Field that failed, dotted. */
  readonly path: string | undefined;
}

/** How a vendor speaks graphql-ws. */
export interface GraphqlDialectOptions {
  /**
   * Makes the payload of `connection_init` from the headers that the connection's auth gives. Those headers then stay
   * out of the handshake: credentials travel once.
   */
  readonly connectionParams?: ((auth: AuthHeaders) => Readonly<Record<string, unknown>>) | undefined;
  /** What a GraphQL error means at this vendor; undefined leaves it a refused request. */
  readonly classify?: ((error: SubscriptionError) => Refusal | undefined) | undefined;
  /** What a message outside the protocol means, for instance a refused login; undefined leaves it a fault. */
  readonly classifyMessage?: ((message: unknown) => Refusal | undefined) | undefined;
}

/** One socket carries one subscription, so any id will do. */
const id = '1';

const errorsOf = (value: unknown): SubscriptionError[] =>
  (Array.isArray(value) ? value : [value]).map((error) => {
    const code = readField(error, 'extensions.code');
    const path = readField(error, 'path');
    return {
      code: typeof code === 'string' ? code : undefined,
      path: Array.isArray(path) ? path.join('.') : undefined,
    };
  });

const refusedBy = (errors: readonly SubscriptionError[], { classify }: GraphqlDialectOptions): Step => {
  const told = errors.find((error) => classify?.(error) !== undefined) ?? errors[0];
  const known = told && classify?.(told);
  const where = told?.path === undefined ? '' : ` at '${told.path}'`;
  const failure: Failure = {
    code: 'invalid-request',
    ...known,
    message: `the vendor refused the subscription${where}${told?.code === undefined ? '' : ` (${told.code})`}`,
    vendorCode: told?.code,
  };
  return { kind: 'ended', end: known === undefined ? stopped(failure) : lost(failure) };
};

/** An event whose data are partial would read as if fields had been emptied: it ends the subscription instead. */
const eventOf = (payload: unknown, options: GraphqlDialectOptions): Step => {
  const errors = readField(payload, 'errors');
  if (errors === undefined || errors === null) return { kind: 'event', event: readField(payload, 'data') };
  return refusedBy(errorsOf(errors), options);
};

const foreign = (message: unknown, { classifyMessage }: GraphqlDialectOptions): Step => {
  const known = classifyMessage?.(message);
  if (known !== undefined) {
    return { kind: 'ended', end: lost({ ...known, message: 'the vendor refused the connection with a message' }) };
  }
  const fault = 'the vendor sent a message that is not of the graphql-transport-ws protocol';
  return { kind: 'ended', end: stopped({ code: 'unexpected-content', message: fault }) };
};

/**
 * The graphql-transport-ws protocol: message kinds and their check by the package graphql-ws, the loop by the runtime.
 * @throws ConnectorError `invalid-settings` when the package graphql-ws is not installed.
 */
export const graphqlDialect = async (
  { document, variables }: GraphqlSubscription,
  options: GraphqlDialectOptions,
): Promise<Dialect> => {
  const load = () => import('graphql-ws/client');
  const { GRAPHQL_TRANSPORT_WS_PROTOCOL, MessageType, validateMessage } = await loadPeer(
    { name: 'graphql-ws', subpath: '/realtime' },
    load,
  );
  const { connectionParams } = options;
  const read = (message: unknown): Step => {
    try {
      validateMessage(message);
    } catch {
      // Its own message quotes the vendor's.
      return foreign(message, options);
    }
    const type = readField(message, 'type');
    const payload = readField(message, 'payload');
    if (type === MessageType.ConnectionAck) return { kind: 'acknowledged' };
    if (type === MessageType.Ping) {
      const reply = { type: MessageType.Pong, ...(payload === undefined ? {} : { payload }) };
      return { kind: 'reply', message: reply };
    }
    if (readField(message, 'id') !== id) return { kind: 'ignored' };
    if (type === MessageType.Next) return eventOf(payload, options);
    if (type === MessageType.Error) return refusedBy(errorsOf(payload), options);
    return type === MessageType.Complete ? { kind: 'ended', end: completed } : { kind: 'ignored' };
  };
  const payload = { query: document, ...(variables === undefined ? {} : { variables }) };
  return {
    subprotocol: GRAPHQL_TRANSPORT_WS_PROTOCOL,
    headers: (auth) => (connectionParams === undefined ? auth : {}),
    opening: (auth) => [
      { type: MessageType.ConnectionInit, ...(connectionParams && { payload: connectionParams(auth) }) },
    ],
    openIsAcknowledged: false,
    subscribing: [{ id, type: MessageType.Subscribe, payload }],
    read,
  };
};

/** Strings and comments, which may hold anything. */
const ignored = /"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*/g;

/** The name of a document's subscription. */
export const subscriptionName = (document: string): string =>
  /(?:^|\})\s*subscription\s+(\w+)/.exec(document.replace(ignored, ' '))?.[1] ?? 'anonymous';
