/** Each `&…;` takes at least so many characters, so that most documents need not be searched at all. */
const shortestReference = 4;

/** Whether the text holds more references than the limit. Stops at the first one beyond. */
export const hasMoreReferences = (text: string, limit: number): boolean => {
  if (text.length < limit * shortestReference) return false;
  let found = 0;
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    found += 1;
    if (found > limit) return true;
  }
  return false;
};

const blank = /[\t\n\r ]*/y;

const afterBlank = (text: string, from: number): number => {
  blank.lastIndex = from;
  blank.test(text);
  return blank.lastIndex;
};

/** Behind the declaration, instructions and comments that stand before the root or a document type. */
const prologEnd = (text: string): number => {
  let at = afterBlank(text, 0);
  for (;;) {
    const close = text.startsWith('<?', at) ? '?>' : text.startsWith('<!--', at) ? '-->' : undefined;
    if (close === undefined) return at;
    const end = text.indexOf(close, at + 2);
    if (end === -1) return text.length;
    at = afterBlank(text, end + close.length);
  }
};

/**
 * Whether the document has a type declaration, which SOAP forbids and which is where entities are defined and other
 * files are named. Found before the parser sees a byte of it.
 */
export const hasDocumentType = (text: string): boolean => text.startsWith('<!', prologEnd(text));
