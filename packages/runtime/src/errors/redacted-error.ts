import { inspect } from 'node:util';
import { type ConnectorError, connectorError } from './connector-error.ts';
import type { Redact } from './redact.ts';

/** Deeper than anybody's console prints. */
const depth = 6;

const printOf = (cause: unknown): string => {
  try {
    return inspect(cause, { depth, showHidden: true, maxStringLength: 100_000, maxArrayLength: 200 });
  } catch {
    return 'a cause that cannot be printed';
  }
};

/** The cause itself where printing it shows no secret; otherwise an error whose message is its redacted print. */
const redactedCause = (cause: unknown, redact: Redact): unknown => {
  if (cause === undefined) return undefined;
  const printed = printOf(cause);
  const clean = redact(printed);
  return clean === printed ? cause : new Error(clean);
};

/** The same error without the given secrets in its message, its vendor code, its request id, its issues and its cause. */
export const redactedError = (error: ConnectorError, redact: Redact): ConnectorError => {
  const optional = (text: string | undefined) => (text === undefined ? undefined : redact(text));
  return connectorError(error.code, redact(error.message), {
    ...error,
    vendorCode: optional(error.vendorCode),
    requestId: optional(error.requestId),
    issues: error.issues?.map(({ path, reason }) => ({ path: redact(path), reason: redact(reason) })),
    cause: redactedCause(error.cause, redact),
  });
};
