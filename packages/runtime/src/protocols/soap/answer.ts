import type { z } from 'zod';
import type { ConnectorErrorCode } from '../../errors/codes.ts';
import type { RecordIssue } from '../../errors/connector-error.ts';
import type { Failure } from '../../errors/failure.ts';
import type { Judged } from '../../http/exchange.ts';
import { requestIdOf, statusFailure } from '../../http/failure.ts';
import type { HttpAnswer } from '../../http/fetch.ts';
import { isSuccess, mediaTypeOf } from '../../http/media-type.ts';
import { xmlText } from './encoding.ts';
import type { EnvelopeReading } from './envelope.ts';
import { faultFailure, faultOf, type SoapFault, type SoapMeaning, withMeaning } from './fault.ts';
import type { XmlLimits } from './limits.ts';
import type { SoapOperation } from './operation.ts';
import type { MakeParser } from './peer.ts';
import type { Field } from './plan.ts';
import { readDocument } from './reader.ts';
import { isXmlNode, type XmlNode } from './xml-node.ts';

/** A SOAP answer without a fault. */
export interface SoapAnswer<Body> {
  /** The content of the body, checked and converted by the operation's schema. */
  readonly body: Body;
  /** The blocks of the answer's SOAP header. */
  readonly header: readonly XmlNode[];
  readonly status: number;
  readonly headers: HttpAnswer['headers'];
}

/** What else a vendor's `classify` may need. */
export interface FaultContext {
  /** What the fault's code and the HTTP status alone say. */
  readonly failure: Failure;
  /** The connection's time, Unix milliseconds. */
  readonly nowMs: number;
}

/** Says what a fault means; undefined leaves it at what its code says. */
export type ClassifyFault = (fault: SoapFault, context: FaultContext) => SoapMeaning | undefined;

/** How answers of a transport are read. */
export interface AnswerOptions {
  readonly makeParser: MakeParser;
  readonly limits: XmlLimits;
  readonly now: () => number;
  readonly classify: ClassifyFault | undefined;
}

const isXml = (type: string): boolean => /[/+]xml\b/i.test(type);

const mostIssues = 3;

/** Paths and reasons hold names and kinds, never a value. */
const shownIssues = (issues: readonly RecordIssue[]): string =>
  issues
    .slice(0, mostIssues)
    .map(({ path, reason }) => `${path === '' ? 'the answer itself' : `'${path}'`}: ${reason}`)
    .join('; ');

/** The roots say what is in it. One that is xsi:nil is null. */
const isEnvelope = (value: unknown): value is EnvelopeReading => typeof value === 'object' && value !== null;

/** Reads the envelope, or says why there is none. */
const readEnvelope = (
  answer: HttpAnswer,
  { makeParser, limits, roots }: AnswerOptions & { readonly roots: readonly Field[] },
): { readonly envelope: EnvelopeReading } | { readonly code: ConnectorErrorCode; readonly message: string } => {
  const type = answer.headers['content-type'] ?? '';
  if (answer.bytes.length === 0) return { code: 'empty-answer', message: 'the answer has no body' };
  if (!isXml(type)) return { code: 'unexpected-content', message: `the answer is ${mediaTypeOf(type)}, not XML` };
  const text = xmlText(answer.bytes, type);
  if (text === undefined) {
    return {
      code: 'unexpected-content',
      message: 'the answer is not in the encoding that it states, or in an unknown one',
    };
  }
  const reading = readDocument(text, { makeParser, limits, roots, title: 'a SOAP envelope' });
  if (!reading.ok) return reading;
  return { envelope: isEnvelope(reading.value) ? reading.value : {} };
};

/** Makes the function that reads and judges answers to an operation. */
export const answerJudge = <Request extends z.ZodType, Answer extends z.ZodType>(
  operation: SoapOperation<Request, Answer>,
  options: AnswerOptions,
): ((answer: HttpAnswer) => Judged<SoapAnswer<z.output<Answer>>>) => {
  const { definition, answer: expected, roots, parse } = operation;
  return (answer) => {
    const { status, headers } = answer;
    const nowMs = options.now();
    const byStatus = statusFailure(answer, nowMs);
    const failed = (failure: Failure) => ({ ok: false, failure }) as const;
    const fail = (code: ConnectorErrorCode, message: string) =>
      failed(byStatus ?? { code, message, status, requestId: requestIdOf(headers) });

    if (expected === undefined && isSuccess(status) && answer.bytes.length === 0) {
      const none = parse(undefined);
      if (none.ok) return { ok: true, value: { body: none.value, header: [], status, headers } };
    }
    const read = readEnvelope(answer, { ...options, roots });
    if ('code' in read) return fail(read.code, read.message);
    const { Header, Body } = read.envelope;
    if (Body?.Fault !== undefined) {
      const fault = faultOf(Body.Fault, status);
      const failure = faultFailure(fault, byStatus);
      return failed(withMeaning(failure, options.classify?.(fault, { failure, nowMs })));
    }
    if (byStatus !== undefined) return failed(byStatus);
    if (Body === undefined || Body === null) return fail('unexpected-content', 'the SOAP envelope has no body');
    if (expected !== undefined && !('answer' in Body)) {
      return fail('unexpected-content', `the SOAP body does not hold '${expected.name}' of the operation's namespace`);
    }
    const parsed = parse(Body.answer);
    if (!parsed.ok)
      return fail('unexpected-content', `the answer does not fit its schema: ${shownIssues(parsed.issues)}`);
    const meaning = definition.classify?.(parsed.value);
    if (meaning !== undefined) {
      const message = `the vendor refused the operation${meaning.vendorCode === undefined ? '' : ` (${meaning.vendorCode})`}`;
      return failed({ message, status, requestId: requestIdOf(headers), ...meaning });
    }
    const header = isXmlNode(Header) ? Header.children : [];
    return { ok: true, value: { body: parsed.value, header, status, headers } };
  };
};
