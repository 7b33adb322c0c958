import { readField } from '../../contract/field.ts';
import { errorCodes } from '../../errors/codes.ts';
import type { Failure } from '../../errors/failure.ts';
import { requestIdOf, statusFailure } from '../../http/failure.ts';
import type { JsonAnswer } from '../../http/json-exchange.ts';
import { costOf, isBeyondBucket, refillWait } from './cost.ts';
import { driftOf } from './drift.ts';

/** One entry of `errors[]`, without its message, which may quote values. */
export interface GraphqlError {
  /** `extensions.code`. */
  readonly code: string | undefined;
  /** Field of the answer that failed, dotted. */
  readonly path: string | undefined;
}

/** What an error means: the parts of a failure that an error can tell. */
export type ErrorMeaning = Pick<Failure, 'code' | 'renew' | 'reach' | 'waitMs'>;

/** What an entry of `errors[]` means at this vendor; undefined leaves it to what is common. */
export type ClassifyError = (error: GraphqlError) => ErrorMeaning | undefined;

/**
 * Judges an answer as a whole: gets it and what its errors and status say; gives the failure to go by, or undefined when
 * the answer is a success after all. A message of its own must hold no value of the answer.
 */
export type ClassifyAnswer = (
  answer: JsonAnswer,
  failure: Failure | undefined,
  context: { readonly nowMs: number },
) => Failure | undefined;

/** How an answer is judged. */
export interface Judging {
  readonly classify: ClassifyError | undefined;
  readonly nowMs: number;
  /** Whether data beside errors of single fields is taken. */
  readonly partial: boolean;
}

interface ToldError {
  readonly error: GraphqlError;
  readonly known: ErrorMeaning | undefined;
  /** What the vendor's schema no longer has, where that is the error. */
  readonly drift: string | undefined;
}

/** The entries of `errors[]`. Something else than a list is no answer of the standard, but certainly no success. */
const entriesOf = (body: unknown): readonly unknown[] => {
  const errors = readField(body, 'errors') ?? [];
  return Array.isArray(errors) ? errors : [errors];
};

/** The fields at which an answer's errors stand, each as its steps. */
export const failedPaths = (body: unknown): readonly (readonly (string | number)[])[] =>
  entriesOf(body).flatMap((error) => {
    const path = readField(error, 'path');
    return Array.isArray(path) ? [path] : [];
  });

const readErrors = (body: unknown, classify: ClassifyError | undefined): readonly ToldError[] =>
  entriesOf(body).map((entry) => {
    const code = readField(entry, 'extensions.code');
    const path = readField(entry, 'path');
    const error: GraphqlError = {
      code: typeof code === 'string' ? code : undefined,
      path: Array.isArray(path) ? path.join('.') : undefined,
    };
    const drift = driftOf(entry, error);
    return { error, known: classify?.(error) ?? commonMeaning(error, { body, drift }), drift };
  });

/** What the errors mean that several vendors share. */
const commonMeaning = (
  { code }: GraphqlError,
  { body, drift }: { body: unknown; drift: string | undefined },
): ErrorMeaning | undefined => {
  if (drift !== undefined) return { code: 'schema-drift', reach: 'refused' };
  if (code === 'MAX_COST_EXCEEDED') return { code: 'too-large', reach: 'refused' };
  if (code !== 'THROTTLED') return undefined;
  const cost = costOf(body);
  if (isBeyondBucket(cost)) return { code: 'too-large', reach: 'refused' };
  return { code: 'rate-limited', reach: 'refused', waitMs: refillWait(cost) };
};

/** An error of one field, which leaves the rest of the data true: not one of the call as a whole. */
const isOfOneField = ({ error, known }: ToldError): boolean => {
  if (error.path === undefined || known?.renew === true || known?.code === 'unauthenticated') return false;
  return known === undefined || errorCodes[known.code].retry === 'never';
};

/** Judges an answer: its errors first, because they say more than the status, which is 200 for most of them. */
export const graphqlFailure = (answer: JsonAnswer, { classify, nowMs, partial }: Judging): Failure | undefined => {
  const byStatus = statusFailure(answer, nowMs);
  const hasData = readField(answer.body, 'data') != null;
  const errors = readErrors(answer.body, classify);
  // The one that the connector knows says most: a throttled query may report its consequences as well.
  const told = errors.find(({ known }) => known !== undefined) ?? errors[0];
  if (told === undefined) {
    if (byStatus !== undefined || hasData) return byStatus;
    return { code: 'unexpected-content', message: 'the answer has neither data nor errors', status: answer.status };
  }
  if (partial && hasData && byStatus === undefined && errors.every(isOfOneField)) return undefined;
  const { error, known, drift } = told;
  const where = error.path === undefined ? '' : ` at '${error.path}'`;
  const refused = `the vendor refused the document${where}${error.code === undefined ? '' : ` (${error.code})`}`;
  return {
    code: 'invalid-request',
    ...byStatus,
    ...known,
    message: drift === undefined ? refused : `the vendor's schema does not have ${drift}`,
    status: answer.status,
    vendorCode: error.code,
    requestId: requestIdOf(answer.headers),
  };
};
