import type { SaxesTagNS } from 'saxes';
import type { ConnectorErrorCode } from '../../errors/codes.ts';
import { addToFrame, elementValue, type Frame, fieldWithin, openFrame } from './frame.ts';
import type { XmlLimits } from './limits.ts';
import type { XmlParser } from './peer.ts';
import type { Field } from './plan.ts';

/** Why a document is refused. */
export interface DocumentRefusal {
  readonly ok: false;
  readonly code: ConnectorErrorCode;
  readonly message: string;
}

/** What a document must be. */
export interface DocumentShape {
  /** What the root may be. */
  readonly roots: readonly Field[];
  /** What the document should be, for messages: `a SOAP envelope`. */
  readonly title: string;
}

/** What has become of a document so far. */
export interface DocumentState {
  /** Value of the root, once that has ended. */
  readonly root: unknown;
  /** Why the parser was stopped. */
  readonly refusal: DocumentRefusal | undefined;
}

/**
 * Builds values by a plan from what a parser finds, in one pass: what the plan does not ask for is never built.
 * Stops the parser, by throwing through it, at the first thing that is not allowed; `refusal` then says why.
 */
export const documentBuilder = (
  parser: XmlParser,
  { roots, title, limits }: DocumentShape & { readonly limits: XmlLimits },
): DocumentState => {
  const state: { root: unknown; refusal: DocumentRefusal | undefined } = { root: undefined, refusal: undefined };
  const frames: Frame[] = [];
  /** The element that text now belongs to. */
  let current: Frame | undefined;
  /** Elements open inside one that the plan does not ask for. */
  let ignored = 0;
  let depth = 0;
  let elements = 0;
  let attributes = 0;

  const stop = (code: ConnectorErrorCode, message: string): never => {
    state.refusal = { ok: false, code, message };
    throw new Error(message);
  };
  const resolve = (prefix: string) => parser.resolve(prefix);

  const rootField = ({ local, uri }: SaxesTagNS): Field => {
    const root = roots.find(({ name, namespace }) => name === local && namespace === uri);
    return root ?? stop('unexpected-content', `the answer is XML, but not ${title}`);
  };

  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > limits.attributes) {
      stop('too-large', `an element of the answer has more than ${limits.attributes} attributes`);
    }
  });

  parser.on('opentag', (tag) => {
    attributes = 0;
    depth += 1;
    elements += 1;
    if (depth > limits.depth) stop('too-large', `the answer has elements more than ${limits.depth} deep`);
    if (elements > limits.elements) stop('too-large', `the answer has more than ${limits.elements} elements`);
    if (ignored > 0) {
      ignored += 1;
      return;
    }
    const field = current === undefined ? rootField(tag) : fieldWithin(current, tag);
    if (field === undefined) {
      if (current?.plan.kind === 'text') current.isMixed = true;
      ignored = 1;
      return;
    }
    current = openFrame(field, tag, resolve);
    frames.push(current);
  });

  parser.on('closetag', () => {
    depth -= 1;
    if (ignored > 0) {
      ignored -= 1;
      return;
    }
    const ended = frames.pop();
    if (ended === undefined) return;
    const value = elementValue(ended, resolve);
    current = frames.at(-1);
    if (current === undefined) state.root = value;
    else addToFrame(current, { field: ended.field, value });
  });

  const addText = (text: string): void => {
    if (ignored === 0 && current !== undefined) current.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  return state;
};
