import { isConnectorError } from '../errors/connector-error.ts';
import type { Failure } from '../errors/failure.ts';
import { statedWait, type Headers } from '../resilience/retry-after.ts';
import type { ConnectorErrorCode } from '../errors/codes.ts';

const neverSent = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const cutShort = new Set(['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'Z_BUF_ERROR']);
const connectionLost = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_ABORTED']);
const certificate = /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY|GET_ISSUER))/;

/** The innermost error code of a thrown value and its causes: fetch wraps what the socket reported. */
const innermostCode = (thrown: unknown): string | undefined => {
  let code: string | undefined;
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string') code = error.code;
    if (error instanceof AggregateError && code === undefined) code = innermostCode(error.errors[0]);
  }
  return code;
};

/** What is known about an exchange whose transport failed. */
export interface FailedExchange {
  readonly host: string;
  /** The head of the answer had arrived. */
  readonly answered: boolean;
}

/** Classifies what a transport threw: names, addresses, sockets, certificates, bodies. */
export const transportFailure = (thrown: unknown, { host, answered }: FailedExchange): Failure => {
  if (isConnectorError(thrown)) return { code: thrown.code, message: thrown.message, cause: thrown.cause };
  const code = innermostCode(thrown);
  const suffix = code === undefined ? '' : ` (${code})`;
  const failure = (is: ConnectorErrorCode, message: string): Failure => ({ code: is, message, cause: thrown });
  if (code !== undefined && neverSent.has(code)) {
    return { ...failure('unreachable', `no connection to ${host}${suffix}`), reach: 'not-sent' };
  }
  if (code !== undefined && certificate.test(code)) {
    return { ...failure('untrusted-certificate', `the certificate of ${host} is not valid${suffix}`), reach: 'not-sent' };
  }
  if (answered && (code === undefined || cutShort.has(code) || connectionLost.has(code))) {
    return failure('truncated', `the answer of ${host} was cut short${suffix}`);
  }
  if (code?.startsWith('HPE_') || code?.startsWith('Z_')) {
    return failure('unexpected-content', `the answer of ${host} cannot be read${suffix}`);
  }
  return failure('unreachable', `the connection to ${host} was lost${suffix}`);
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

const requestIdHeaders = ['x-request-id', 'request-id', 'x-correlation-id', 'x-hubspot-correlation-id', 'x-amzn-requestid'];

/** The vendor's own id of a request, for its support. */
export const requestIdOf = (headers: Headers): string | undefined => {
  const name = requestIdHeaders.find((candidate) => headers[candidate] !== undefined);
  return name === undefined ? undefined : headers[name];
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
    waitMs: code === 'rate-limited' || code === 'unavailable' ? statedWait(headers, nowMs) : undefined,
    reach: code === 'rate-limited' ? 'refused' : 'unknown',
    renew: status === 401,
  };
};
