import { type DocumentRefusal, type DocumentShape, documentBuilder } from './document-builder.ts';
import type { XmlLimits } from './limits.ts';
import type { MakeParser } from './peer.ts';
import { hasDocumentType, hasMoreReferences } from './prolog.ts';

/** What a document came to: the value of its root by its plan, not yet checked by a schema, or why it is refused. */
export type DocumentReading = { readonly ok: true; readonly value: unknown } | DocumentRefusal;

/** How a document is read. */
export interface ReadOptions extends DocumentShape {
  readonly makeParser: MakeParser;
  readonly limits: XmlLimits;
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const refused = (code: DocumentRefusal['code'], message: string): DocumentRefusal => ({ ok: false, code, message });

/** Reads a document of text by a plan. Never throws, does no I/O, and stops at the first thing that is not allowed. */
export const readDocument = (text: string, options: ReadOptions): DocumentReading => {
  const { limits, title } = options;
  if (hasDocumentType(text)) return refused('unexpected-content', 'the answer has a DOCTYPE, which SOAP forbids');
  if (hasMoreReferences(text, limits.references)) {
    return refused('too-large', `the answer holds more than ${limits.references} character and entity references`);
  }
  const parser = options.makeParser();
  // The parser's own table inherits from Object, and would know an entity `&constructor;`.
  parser.ENTITIES = Object.assign(Object.create(null), entities);
  const building = documentBuilder(parser, options);
  let isWritten = false;
  try {
    parser.write(text);
    isWritten = true;
    parser.close();
    return { ok: true, value: building.root };
  } catch {
    // The parser's own message quotes the text.
    if (building.refusal !== undefined) return building.refusal;
    if (isWritten) return refused('truncated', `the answer ends in the middle of ${title}`);
    return refused('unexpected-content', 'the answer is not well-formed XML');
  }
};
