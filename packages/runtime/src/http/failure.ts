import type { ConnectorErrorCode } from '../errors/codes.ts';
import { isConnectorError } from '../errors/connector-error.ts';
import type { Failure, Reach } from '../errors/failure.ts';
import { type Headers, retryAfterWait, statedWait } from '../resilience/retry-after.ts';

const neverSent = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT']);
/** A connection could not be made, or an open one broke. */
const noRoute = new Set(['EHOSTUNREACH', 'ENETUNREACH']);
/** TLS that was never agreed on. Other errors of TLS come over a connection that may have carried the request. */
const handshake = /^ERR_SSL_.*(?:CERT|UNKNOWN_CA|HANDSHAKE|VERSION|UNSUPPORTED_PROTOCOL|SHARED_CIPHER)/;
const cutShort = new Set(['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'Z_BUF_ERROR']);
const connectionLost = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_ABORTED']);
/** A stream or session of HTTP/2 that ended before its time. */
const isStreamLost = (code: string): boolean => code.startsWith('ERR_HTTP2_');
/** How undici says that a proxy did not open a tunnel, or wants another password. */
const proxyAnswer = /^Proxy response \((\d{3})\)|^Proxy Authentication Required \((\d{3})\)/;
/** Not of its stated encoding: gzip reports `Z_…`, brotli `ERR__ERROR_FORMAT_…`. */
const unreadable = /^(?:Z_|ERR__ERROR_|ERR_BROTLI|ERR_PADDING)/;
const certificate = /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY|GET_ISSUER))/;

const deepestCause = 8;

/** An error and its causes: fetch wraps what the socket reported. A cause may lead back to itself. */
const causesOf = (thrown: unknown): Error[] => {
  const errors: Error[] = [];
  for (let error = thrown; error instanceof Error && errors.length < deepestCause; error = error.cause)
    errors.push(error);
  return errors;
};

/** undici's parser says what it could not read: its error quotes the answer. */
const isParserError = ({ name }: Error): boolean => name === 'HTTPParserError';

/** The innermost error code of a thrown value and its causes. */
const innermostCode = (thrown: unknown): string | undefined => {
  let code: string | undefined;
  for (const error of causesOf(thrown)) {
    if ('code' in error && typeof error.code === 'string') code = error.code;
    if (error instanceof AggregateError && code === undefined) code = innermostCode(error.errors[0]);
  }
  return code;
};

/** Sockets say what they were doing, and try several addresses only while they connect. */
const isConnecting = (error: Error): boolean =>
  error instanceof AggregateError || ('syscall' in error && error.syscall === 'connect');

/** Whether no byte of the request can have arrived. A fetch of the host's does not tell when it has sent. */
const isNeverSent = (code: string, { thrown, sent }: { thrown: unknown; sent: boolean }): boolean => {
  if (neverSent.has(code)) return true;
  if (noRoute.has(code)) return !sent || causesOf(thrown).some(isConnecting);
  return code.startsWith('ERR_SSL_') && (!sent || handshake.test(code));
};

/** What is known about an exchange whose transport failed. */
export interface FailedExchange {
  readonly host: string;
  /** The first byte may have left. */
  readonly sent: boolean;
  /** The head of the answer had arrived. */
  readonly answered: boolean;
}

/** Classifies what a transport threw: names, addresses, sockets, certificates, bodies. */
export const transportFailure = (thrown: unknown, { host, sent, answered }: FailedExchange): Failure => {
  if (isConnectorError(thrown)) return { code: thrown.code, message: thrown.message, cause: thrown.cause };
  const code = innermostCode(thrown);
  const suffix = code === undefined ? '' : ` (${code})`;
  const isGarbled = causesOf(thrown).some(isParserError);
  const cause = isGarbled ? undefined : thrown;
  const failure = (is: ConnectorErrorCode, message: string): Failure => ({ code: is, message, cause });
  if (code !== undefined && isNeverSent(code, { thrown, sent })) {
    return { ...failure('unreachable', `no connection to ${host}${suffix}`), reach: 'not-sent' };
  }
  if (code !== undefined && certificate.test(code)) {
    return {
      ...failure('untrusted-certificate', `the certificate of ${host} is not valid${suffix}`),
      reach: 'not-sent',
    };
  }
  if (answered && (code === undefined || cutShort.has(code) || connectionLost.has(code) || isStreamLost(code))) {
    return failure('truncated', `the answer of ${host} was cut short${suffix}`);
  }
  if (isGarbled || (code !== undefined && unreadable.test(code))) {
    return failure('unexpected-content', `the answer of ${host} cannot be read${suffix}`);
  }
  const [, tunnel, request] = causesOf(thrown).flatMap(({ message }) => proxyAnswer.exec(message) ?? []);
  const refused = tunnel ?? request;
  if (refused !== undefined) {
    const message = `the proxy lets no request to ${host} through: it answered ${refused}`;
    return { ...failure('unreachable', message), reach: 'not-sent' };
  }
  const lost = failure('unreachable', `the connection to ${host} was lost${suffix}`);
  return sent ? lost : { ...lost, reach: 'not-sent' };
};

const codeOfStatus = (status: number): ConnectorErrorCode => {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 409 || status === 412) return 'conflict';
  if (status === 413) return 'too-large';
  if (status === 429) return 'rate-limited';
  // Locked, too early, request timeout: the vendor asks to come back.
  if (status === 408 || status === 423 || status === 425 || status >= 500) return 'unavailable';
  return status >= 400 ? 'invalid-request' : 'unexpected-content';
};

/** A refusal is an answer; only a server in trouble, or a way through proxies, leaves open what happened. */
const reachOf = (status: number): Reach => (status >= 400 && status < 500 && status !== 408 ? 'refused' : 'unknown');

const requestIdHeaders = [
  'x-request-id',
  'request-id',
  'x-correlation-id',
  'x-hubspot-correlation-id',
  'x-amzn-requestid',
];

/** The vendor's own id of a request, for its support. */
export const requestIdOf = (headers: Headers): string | undefined => {
  const name = requestIdHeaders.find((candidate) => headers[candidate] !== undefined);
  return name === undefined ? undefined : headers[name];
};

/** Vendors send their limit's reset with every answer: it says when to come back only where the limit was the reason. */
const waitOf = (code: ConnectorErrorCode, { headers, nowMs }: { headers: Headers; nowMs: number }) => {
  if (code === 'rate-limited') return statedWait(headers, nowMs);
  return code === 'unavailable' ? retryAfterWait(headers, nowMs) : undefined;
};

/** An answer as far as its classification needs it. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Headers;
}

/** Classifies an answer by its HTTP status, or undefined when the status is a success. */
export const statusFailure = ({ status, headers }: AnswerHead, nowMs: number): Failure | undefined => {
  if (status >= 200 && status < 300) return undefined;
  const code = codeOfStatus(status);
  return {
    code,
    message: `the vendor answered ${status}`,
    status,
    requestId: requestIdOf(headers),
    waitMs: waitOf(code, { headers, nowMs }),
    reach: reachOf(status),
    renew: status === 401,
  };
};
