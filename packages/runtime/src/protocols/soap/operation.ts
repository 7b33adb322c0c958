import type { z } from 'zod';
import type { Effect } from '../../contract/effect.ts';
import { type Parsed, recordParser } from '../../contract/schema.ts';
import { connectorError } from '../../errors/connector-error.ts';
import { envelopeRoots } from './envelope.ts';
import type { SoapMeaning } from './fault.ts';
import { isNcName } from './names.ts';
import { type Field, planOf } from './plan.ts';

/** An operation of a SOAP service, as its WSDL has it. */
export interface SoapOperationDefinition<Request extends z.ZodType, Answer extends z.ZodType> {
  /** Local name of the element in the request's body; with `rpc`, the name of the operation. */
  readonly name: string;
  /** Namespace URI of that element. */
  readonly namespace: string;
  /** `document` (literal) unless given. With `rpc` (literal) parts go out in no namespace, and are taken in any. */
  readonly style?: 'document' | 'rpc';
  /** The SOAPAction header of 1.1, the `action` parameter of 1.2. */
  readonly action?: string;
  /** What goes out, in the order of the vendor's schema. */
  readonly request: Request;
  /** What comes back. Every value is text until this schema converts it. `z.undefined()` for a one-way operation. */
  readonly answer: Answer;
  /** Local name of the element in the answer's body; `<name>Response` unless given. */
  readonly answerName?: string;
  /** Its namespace URI; the request's unless given. */
  readonly answerNamespace?: string;
  /** What a second sending does; `unsafe` unless given. */
  readonly effect?: Effect;
  /** Finds a failure in an answer that is no fault; undefined where there is none. */
  readonly classify?: (answer: z.output<Answer>) => SoapMeaning | undefined;
}

/** An operation, ready to be sent. */
export interface SoapOperation<Request extends z.ZodType, Answer extends z.ZodType> {
  readonly definition: SoapOperationDefinition<Request, Answer>;
  readonly request: Field;
  /** Undefined for a one-way operation. */
  readonly answer: Field | undefined;
  /** What a document that answers it may be. */
  readonly roots: readonly Field[];
  readonly parse: (value: unknown) => Parsed<z.output<Answer>>;
}

/** An element of the body. `inner` is the namespace of what its schema does not place in another. */
const rootField = (
  schema: z.ZodType,
  { name, namespace, inner }: { readonly name: string; readonly namespace: string; readonly inner: string },
): Field => ({
  ...{ key: 'answer', place: 'element', name, namespace, isMany: false, isOptional: false },
  plan: planOf(schema, { path: name, namespace: inner }),
});

/**
 * Describes an operation of a SOAP service, once, outside of the functions that send it.
 * @throws ConnectorError `invalid-definition` where a name is none, or a schema says what XML cannot.
 * @example
 * ```ts
 * import { soapOperation } from '@mortise/runtime/soap';
 * import { z } from 'zod';
 * export const getStock = soapOperation({
 *   name: 'getStock',
 *   namespace: 'urn:shop',
 *   request: z.object({ sku: z.string() }),
 *   answer: z.object({ level: z.array(z.object({ place: z.string(), count: z.string() })) }),
 *   effect: 'read',
 * });
 * ```
 */
export const soapOperation = <Request extends z.ZodType, Answer extends z.ZodType>(
  definition: SoapOperationDefinition<Request, Answer>,
): SoapOperation<Request, Answer> => {
  const { name, namespace, answerName = `${name}Response`, answerNamespace = namespace } = definition;
  if (!isNcName(name) || !isNcName(answerName)) {
    throw connectorError('invalid-definition', `the SOAP operation '${name}' has a name that XML does not allow`);
  }
  const isRpc = definition.style === 'rpc';
  const isOneWay = definition.answer._zod.def.type === 'undefined';
  const asked = { name, namespace, inner: isRpc ? '' : namespace };
  // WS-I R2735 gives the parts of rpc no namespace, and servers give them the operation's all the same.
  const expected = { name: answerName, namespace: answerNamespace, inner: isRpc ? '*' : answerNamespace };
  const answer = isOneWay ? undefined : rootField(definition.answer, expected);
  // Made at the first answer: a connector describes more operations than it uses.
  let parse: SoapOperation<Request, Answer>['parse'] | undefined;
  return {
    definition,
    request: rootField(definition.request, asked),
    answer,
    roots: envelopeRoots(answer),
    parse: (value) => {
      parse ??= recordParser(definition.answer);
      return parse(value);
    },
  };
};
