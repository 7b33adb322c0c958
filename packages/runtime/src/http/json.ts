const zero = 48;
const nine = 57;
const quote = 34;

/** Shortest run of digits that can be an integer beyond 2^53. */
const longRun = 16;

const isDigit = (text: string, index: number): boolean => {
  const code = text.charCodeAt(index);
  return code >= zero && code <= nine;
};

/** Whether the digits that start here can be a number of their own, not a part of a text such as an id. */
const startsNumber = (text: string, start: number): boolean => {
  const before = text[start - 1] === '-' ? start - 2 : start - 1;
  return before < 0 || ' \t\n\r:,['.includes(text[before] ?? '');
};

/**
 * Whether a text holds a number of 16 digits or more. Looks at every 16th character only: such a run must cover one.
 * Ids that are texts are passed over, because the exact parse that follows a hit costs five times the plain one.
 */
export const hasLongNumber = (text: string): boolean => {
  for (let index = longRun - 1; index < text.length; index += longRun) {
    if (!isDigit(text, index)) continue;
    let start = index;
    while (start > 0 && isDigit(text, start - 1)) start -= 1;
    let end = index + 1;
    while (end < text.length && isDigit(text, end)) end += 1;
    if (end - start >= longRun && startsNumber(text, start)) return true;
    // Goes on behind the run: looking at it again from each of its characters would take its length squared.
    index = end - 1;
  }
  return false;
};

/** An escaped letter of `__proto__`. */
const escapedLetter = /\\u00(?:5f|70|72|6f|74)/i;

/** A key that would replace the prototype when an object is copied field by field; also spelled with escapes. */
const mayHoldPrototypeKey = (text: string): boolean => text.includes('__proto__') || escapedLetter.test(text);

/** Deepest nesting that is taken. JSON.parse takes any, but JSON.stringify and other recursions behind it do not. */
const deepest = 1_000;

const countUpTo = (text: string, { character, most }: { character: string; most: number }): number => {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1 && count <= most; at = text.indexOf(character, at + 1)) count += 1;
  return count;
};

/** Index of the quote that ends the string which starts at `start`. */
const endOfString = (text: string, start: number): number => {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
};

const isTooDeep = (text: string): boolean => {
  const objects = countUpTo(text, { character: '{', most: deepest });
  const arrays = countUpTo(text, { character: '[', most: deepest });
  if (objects + arrays <= deepest) return false;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) index = endOfString(text, index);
    // `[` and `{`, `]` and `}` differ in one bit.
    else if ((code | 32) === 123) depth += 1;
    else if ((code | 32) === 125) depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
};

/** What JSON.parse tells a reviver about a primitive value. */
interface ReviverContext {
  readonly source?: string;
}

function exactValue(this: unknown, key: string, value: unknown, context?: ReviverContext): unknown {
  if (key === '__proto__') return undefined;
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}

/**
 * Parses JSON. Integers beyond 2^53 come out as text with all their digits; `__proto__` keys are dropped.
 * @throws SyntaxError as JSON.parse does, RangeError where it is nested more than 1,000 deep.
 */
export const parseJson = (text: string): unknown => {
  // Buffer.toString keeps a byte order mark, and JSON.parse refuses it.
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (isTooDeep(clean)) throw new RangeError(`nested more than ${deepest} deep`);
  if (hasLongNumber(clean) || mayHoldPrototypeKey(clean)) return JSON.parse(clean, exactValue);
  return JSON.parse(clean);
};
