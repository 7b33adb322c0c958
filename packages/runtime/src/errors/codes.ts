/** When a failed call may be sent again. */
export type RetryRule =
  /** The vendor refused it or never saw it: safe to repeat whatever it does. */
  | 'always'
  /** The vendor may have acted on it: repeated only where the operation's effect allows. */
  | 'when-repeatable'
  /** Repeating cannot help. */
  | 'never';

/** What a code means to a program and to the person who reads it. */
export interface ErrorCodeEntry {
  /** One line: what happened. */
  readonly meaning: string;
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
  'invalid-settings': {
    meaning: 'A setting, credential, flag or environment variable is missing or wrong.',
    retry: 'never',
    nextStep: 'Correct the setting that the message names.',
    exitStatus: 2,
  },
  'invalid-definition': {
    meaning: 'A connector, mapping or sync contradicts itself.',
    retry: 'never',
    nextStep: 'Correct the definition that the message names.',
    exitStatus: 2,
  },
  'unsafe-url': {
    meaning: 'A URL is not https, leaves the allowed hosts, or carries a password.',
    retry: 'never',
    nextStep: 'Use an https URL of the vendor; for a test host set allowInsecureHost to that host.',
    exitStatus: 2,
  },
  unauthenticated: {
    meaning: 'The vendor does not accept the credentials.',
    retry: 'never',
    nextStep: 'Check the user name, password or token, then connect again.',
    exitStatus: 1,
  },
  forbidden: {
    meaning: 'The credentials are valid but lack a permission.',
    retry: 'never',
    nextStep: 'Grant the permission that the message or vendorCode names.',
    exitStatus: 1,
  },
  'not-found': {
    meaning: 'The vendor has no such record or path.',
    retry: 'never',
    nextStep: 'Check the id; the record may have been deleted.',
    exitStatus: 1,
  },
  conflict: {
    meaning: 'The record exists already or was changed by somebody else.',
    retry: 'never',
    nextStep: 'Read the record again, then decide.',
    exitStatus: 1,
  },
  'invalid-request': {
    meaning: 'The vendor refused the request as wrong.',
    retry: 'never',
    nextStep: 'See vendorCode; a field or its format is not what the vendor takes.',
    exitStatus: 1,
  },
  'invalid-record': {
    meaning: 'A record does not fit its schema or its mapping.',
    retry: 'never',
    nextStep: 'See the issues: each names a path and a reason; mend the record or the mapping, then replay.',
    exitStatus: 1,
  },
  'too-large': {
    meaning: 'A request or an answer is larger than its limit.',
    retry: 'never',
    nextStep: 'Ask for smaller pages or batches, or raise maxBodyBytes.',
    exitStatus: 1,
  },
  'rate-limited': {
    meaning: 'A limit of the vendor is used up; resumeAt says until when, where it is known.',
    retry: 'always',
    nextStep: 'Run again after resumeAt.',
    exitStatus: 75,
  },
  unavailable: {
    meaning: 'The vendor answered that it cannot serve now.',
    retry: 'when-repeatable',
    nextStep: "Try again later; see the vendor's status page.",
    exitStatus: 75,
  },
  unreachable: {
    meaning: 'No connection to the host: its name, address, port or network.',
    retry: 'when-repeatable',
    nextStep: 'Check the host in the settings and that the server runs.',
    exitStatus: 75,
  },
  'untrusted-certificate': {
    meaning: "The host's TLS certificate cannot be verified.",
    retry: 'never',
    nextStep: 'Check the host name; give a private certificate authority as a setting.',
    exitStatus: 1,
  },
  timeout: {
    meaning: 'No complete answer within the time limit.',
    retry: 'when-repeatable',
    nextStep: 'Try again later, or raise requestTimeoutMs.',
    exitStatus: 75,
  },
  truncated: {
    meaning: 'The answer ended before it was complete.',
    retry: 'when-repeatable',
    nextStep: 'Try again later.',
    exitStatus: 75,
  },
  'unexpected-content': {
    meaning: 'The answer is not what the protocol says, for instance a page of HTML.',
    retry: 'never',
    nextStep: 'Check the base URL, and any proxy or login page in between.',
    exitStatus: 1,
  },
  'empty-answer': {
    meaning: 'The answer is empty where data was due.',
    retry: 'when-repeatable',
    nextStep: 'Try again later.',
    exitStatus: 75,
  },
  'unknown-outcome': {
    meaning: 'A write was sent and its answer never came: it may or may not have happened.',
    retry: 'never',
    nextStep: 'Look the record up before writing it again.',
    exitStatus: 75,
  },
  cancelled: {
    meaning: 'The caller stopped the call.',
    retry: 'never',
    nextStep: 'Run again to go on from the last checkpoint.',
    exitStatus: 75,
  },
  'state-refused': {
    meaning: 'The stored state cannot be used: another key, a newer schema, or damage.',
    retry: 'never',
    nextStep: 'Use the key and version that wrote it; a copy of the file helps before any repair.',
    exitStatus: 1,
  },
  'state-busy': {
    meaning: 'Another process holds the stored state.',
    retry: 'always',
    nextStep: 'Wait for the other process, or stop it.',
    exitStatus: 75,
  },
  internal: {
    meaning: 'A connector or Mortise itself failed in a way that it should not.',
    retry: 'never',
    nextStep: 'Report it with the message and the request id.',
    exitStatus: 1,
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** One of the closed list of codes, for instance `rate-limited`. */
export type ConnectorErrorCode = keyof typeof errorCodes;
