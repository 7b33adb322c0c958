const zero = 48;
const nine = 57;

/** Shortest run of digits that can be an integer beyond 2^53. */
const longRun = 16;

const isDigit = (text: string, index: number): boolean => {
  const code = text.charCodeAt(index);
  return code >= zero && code <= nine;
};

/** Whether a text has a run of 16 digits or more. Looks at every 16th character only: such a run must cover one. */
export const hasLongDigitRun = (text: string): boolean => {
  for (let index = longRun - 1; index < text.length; index += longRun) {
    if (!isDigit(text, index)) continue;
    let start = index;
    while (start > 0 && isDigit(text, start - 1)) start -= 1;
    let end = index + 1;
    while (end < text.length && isDigit(text, end)) end += 1;
    if (end - start >= longRun) return true;
  }
  return false;
};

/** A key that would replace the prototype when an object is copied field by field; also spelled with escapes. */
const mayHoldPrototypeKey = (text: string): boolean => text.includes('__proto__') || text.includes('\\u005');

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
 * @throws SyntaxError or RangeError as JSON.parse does.
 */
export const parseJson = (text: string): unknown => {
  // Buffer.toString keeps a byte order mark, and JSON.parse refuses it.
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (hasLongDigitRun(clean) || mayHoldPrototypeKey(clean)) return JSON.parse(clean, exactValue);
  return JSON.parse(clean);
};
