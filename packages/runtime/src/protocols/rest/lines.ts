import type { Failure } from '../../errors/failure.ts';
import { decodeText } from '../../http/charset.ts';
import type { Judged } from '../../http/exchange.ts';
import { requestIdOf } from '../../http/failure.ts';
import type { HttpAnswer } from '../../http/fetch.ts';
import { parseJson } from '../../http/json.ts';
import { mediaTypeOf } from '../../http/media-type.ts';

/** What a file of lines is held to. */
export interface LinesCheck {
  /** How many lines the vendor said there are. Fewer or more, and the file is not what was promised. */
  readonly count?: number | undefined;
}

/** A file of JSON lines, read whole: what is cut short gives nothing at all. */
export interface RestLines {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly lines: readonly unknown[];
}

/**
 * Reads newline-delimited JSON. A last line that was cut, and a count that does not fit, are `truncated`: the file is
 * asked for again, because a line that is missing at the end looks like a record that was deleted.
 */
export const judgeLines = (answer: HttpAnswer, { count }: LinesCheck): Judged<RestLines> => {
  const { status, headers, bytes } = answer;
  const failed = (code: Failure['code'], message: string): Judged<RestLines> => ({
    ok: false,
    failure: { code, message, status, requestId: requestIdOf(headers) },
  });
  const type = headers['content-type'] ?? '';
  if (/^text\/html\b/i.test(type)) {
    return failed('unexpected-content', `the answer is ${mediaTypeOf(type)}, not a file of JSON lines`);
  }
  // The text is cut by bytes: what is left of a cut last line may end within a character.
  const end = bytes.lastIndexOf(newline) + 1;
  const whole = textOf(bytes.subarray(0, end), type);
  if (whole === undefined) return failed('unexpected-content', 'the file is not text of its charset');
  const lines: unknown[] = [];
  for (const [index, text] of whole.split('\n').entries()) {
    if (text.trim() === '') continue;
    const line = parsedLine(text);
    if (line === undefined) return failed('unexpected-content', `line ${index + 1} of the file is not valid JSON`);
    lines.push(line);
  }
  const rest = textOf(bytes.subarray(end), type);
  if (rest?.trim() !== '') {
    const last = rest === undefined ? undefined : parsedLine(rest);
    if (!isClosed(last)) return failed('truncated', 'the last line of the file was cut');
    lines.push(last);
  }
  if (count === undefined || lines.length === count) return { ok: true, value: { headers, lines } };
  return failed('truncated', `the file has ${lines.length} lines where the vendor said ${count}`);
};

const newline = 0x0a;

const textOf = (bytes: Buffer, type: string): string | undefined => {
  try {
    return decodeText(bytes, type);
  } catch {
    return undefined;
  }
};

const parsedLine = (text: string): unknown => {
  try {
    return parseJson(text);
  } catch {
    // The parser's own message quotes the text.
    return undefined;
  }
};

/** Without its newline, `12` may be what is left of `1234`; only what has a closing bracket shows that it is whole. */
const isClosed = (line: unknown): boolean => typeof line === 'object' && line !== null;
