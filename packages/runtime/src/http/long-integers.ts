const zero = 48;
const nine = 57;
const minus = 45;

/** Shortest run of digits that can be an integer beyond 2^53. */
const longRun = 16;

/** 2^53 - 1, of as many digits. */
const largestSafe = String(Number.MAX_SAFE_INTEGER);

const isDigit = (text: string, index: number): boolean => {
  const code = text.charCodeAt(index);
  return code >= zero && code <= nine;
};

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

/** Characters before a value: colon, comma, bracket, space; NaN is the start of the text. */
const opensValue = (code: number): boolean =>
  code === 58 || code === 44 || code === 91 || isSpace(code) || Number.isNaN(code);

/** Whether a value that ends here is over, and was no key. */
const closesValue = (text: string, end: number): boolean => {
  let index = end;
  while (isSpace(text.charCodeAt(index))) index += 1;
  const code = text.charCodeAt(index);
  return code === 44 || code === 93 || code === 125 || Number.isNaN(code);
};

/** Where a number starts whose digits start here, or -1 where they look like a part of something else. */
const startOfInteger = (text: string, { digits, end }: { digits: number; end: number }): number => {
  const start = text.charCodeAt(digits - 1) === minus ? digits - 1 : digits;
  if (text.charCodeAt(digits) === zero || !opensValue(text.charCodeAt(start - 1)) || !closesValue(text, end)) return -1;
  return end - digits === longRun && text.slice(digits, end) <= largestSafe ? -1 : start;
};

/**
 * The JSON text with quotes around its integers beyond 2^53, or undefined where it seems to hold none. Looks at every
 * 16th character only: a run of 16 digits must cover one. Ids that are texts already are passed over.
 *
 * It may take digits inside of a string for a number. The quote before them then ends that string, and no digit may
 * follow a string: such a text is never valid JSON, so whoever parses it finds out.
 */
export const quoteLongIntegers = (text: string): string | undefined => {
  const parts: string[] = [];
  let copied = 0;
  for (let index = longRun - 1; index < text.length; index += longRun) {
    if (!isDigit(text, index)) continue;
    let digits = index;
    while (isDigit(text, digits - 1)) digits -= 1;
    let end = index + 1;
    while (isDigit(text, end)) end += 1;
    const start = end - digits < longRun ? -1 : startOfInteger(text, { digits, end });
    if (start >= 0) {
      parts.push(text.slice(copied, start), text.slice(start, end));
      copied = end;
    }
    // Goes on behind the run: looking at it again from each of its characters would take its length squared.
    index = end - 1;
  }
  if (parts.length === 0) return undefined;
  parts.push(text.slice(copied));
  // What stands between, and each integer, in turn: so each integer gets its two quotes.
  return parts.join('"');
};
