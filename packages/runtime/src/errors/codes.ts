/** When a failed call may be sent again. */
export type RetryRule =
  /** The vendor refused it or never saw it: safe to repeat whatever it does. */
  | 'always'
  /** The vendor may have acted on it: repeated only where the operation's effect allows. */
  | 'when-repeatable'
  /** Repeating cannot help. */
  | 'never';

/** What a code means to a program and to the person who reads it. What happened stands above each code. */
export interface ErrorCodeEntry {
  readonly retry: RetryRule;
  /** One line: what the user does next. */
  readonly nextStep: string;
  /** The exit status of a command that ends with it: 1 failed, 2 usage or settings, 75 try later. */
  readonly exitStatus: 1 | 2 | 75;
}

/**
 * The closed list of error codes. Codes are stable within a major version, messages are not.
 * A vendor's own code goes into `vendorCode`, never into this list.
 */
export const errorCodes = {
  /** A setting, credential, flag or environment variable is missing or wrong. */
  'invalid-settings': {
    retry: 'never',
    nextStep: 'Correct the setting that the message names.',
    exitStatus: 2,
  },
  /** A connector, mapping or sync contradicts itself. */
  'invalid-definition': {
    retry: 'never',
    nextStep: 'Correct the definition that the message names.',
    exitStatus: 2,
  },
  /** A URL is not https, leaves the allowed hosts, or carries a password. */
  'unsafe-url': {
    retry: 'never',
    nextStep: 'Use an https URL of the vendor.',
    exitStatus: 2,
  },
  /** The vendor does not accept the credentials. */
  unauthenticated: {
    retry: 'never',
    nextStep: 'Check the user name, password or token.',
    exitStatus: 1,
  },
  /** The credentials are valid but lack a permission. */
  forbidden: {
    retry: 'never',
    nextStep: 'Grant the permission that the message or vendorCode names.',
    exitStatus: 1,
  },
  /** The vendor has closed, frozen or locked the whole account. */
  'account-closed': {
    retry: 'never',
    nextStep: 'Have the account opened again at the vendor, for instance by paying its bill.',
    exitStatus: 1,
  },
  /** The vendor has no such record or path. */
  'not-found': {
    retry: 'never',
    nextStep: 'Check the id; the record may have been deleted.',
    exitStatus: 1,
  },
  /** The record exists already or was changed by somebody else. */
  conflict: {
    retry: 'never',
    nextStep: 'Read the record again, then decide.',
    exitStatus: 1,
  },
  /** The vendor refused the request as wrong. */
  'invalid-request': {
    retry: 'never',
    nextStep: 'See vendorCode: a field is not what the vendor takes.',
    exitStatus: 1,
  },
  /** The vendor no longer takes a cursor that it gave before. */
  'expired-cursor': {
    retry: 'never',
    nextStep: 'Read the window again without the cursor.',
    exitStatus: 75,
  },
  /** The vendor's schema no longer is what the connector was written for. */
  'schema-drift': {
    retry: 'never',
    nextStep: 'Update the connector, or tell its author.',
    exitStatus: 1,
  },
  /** A record does not fit its schema or its mapping. */
  'invalid-record': {
    retry: 'never',
    nextStep: 'Mend the record or the mapping at the paths named.',
    exitStatus: 1,
  },
  /** A request or an answer is larger than its limit. */
  'too-large': {
    retry: 'never',
    nextStep: 'Ask for smaller pages or batches, or raise maxBodyBytes.',
    exitStatus: 1,
  },
  /** A limit of the vendor is used up; resumeAt says until when, where it is known. */
  'rate-limited': {
    retry: 'always',
    nextStep: 'Run again after resumeAt.',
    exitStatus: 75,
  },
  /** The vendor answered that it cannot serve now. */
  unavailable: {
    retry: 'when-repeatable',
    nextStep: 'Try again later.',
    exitStatus: 75,
  },
  /** No connection to the host: its name, address, port or network. */
  unreachable: {
    retry: 'when-repeatable',
    nextStep: 'Check the host in the settings and that the server runs.',
    exitStatus: 75,
  },
  /** The host's TLS certificate cannot be verified. */
  'untrusted-certificate': {
    retry: 'never',
    nextStep: 'Check the host name and its certificate.',
    exitStatus: 1,
  },
  /** No complete answer within the time limit. */
  timeout: {
    retry: 'when-repeatable',
    nextStep: 'Try again later.',
    exitStatus: 75,
  },
  /** The answer ended before it was complete. */
  truncated: {
    retry: 'when-repeatable',
    nextStep: 'Try again later.',
    exitStatus: 75,
  },
  /** The answer is not what the protocol says, for instance a page of HTML. */
  'unexpected-content': {
    retry: 'never',
    nextStep: 'Check the base URL, and any proxy in between.',
    exitStatus: 1,
  },
  /** The answer is empty where data was due. */
  'empty-answer': {
    retry: 'when-repeatable',
    nextStep: 'Try again later.',
    exitStatus: 75,
  },
  /** A write was sent and its answer never came: it may or may not have happened. */
  'unknown-outcome': {
    retry: 'never',
    nextStep: 'Look the record up before writing it again.',
    exitStatus: 75,
  },
  /** The caller stopped the call. */
  cancelled: {
    retry: 'never',
    nextStep: 'Run again to go on from the last checkpoint.',
    exitStatus: 75,
  },
  /** The stored state cannot be used: another key, a newer schema, or damage. */
  'state-refused': {
    retry: 'never',
    nextStep: 'Use the key and version that wrote it.',
    exitStatus: 1,
  },
  /** Another process holds the stored state. */
  'state-busy': {
    retry: 'always',
    nextStep: 'Wait for the other process, or stop it.',
    exitStatus: 75,
  },
  /** A connector or Mortise itself failed in a way that it should not. */
  internal: {
    retry: 'never',
    nextStep: 'Report it with its request id.',
    exitStatus: 1,
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** One of the closed list of codes, for instance `rate-limited`. */
export type ConnectorErrorCode = keyof typeof errorCodes;
