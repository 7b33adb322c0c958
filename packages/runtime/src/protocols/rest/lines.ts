import type { Failure } from '../../errors/failure.ts';
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
  readonly headers: HttpAnswer['headers'];
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
  const lines: unknown[] = [];
  const texts = bytes.toString('utf8').split('\n');
  for (const [index, text] of texts.entries()) {
    // Blank lines are no lines; the one behind the last newline is the usual one.
    if (text.trim() === '') continue;
    const isLast = index === texts.length - 1;
    const line = parsedLine(text);
    if (line !== undefined && (!isLast || isClosed(line))) lines.push(line);
    else if (isLast) return failed('truncated', 'the last line of the file was cut');
    else return failed('unexpected-content', `line ${index + 1} of the file is not valid JSON`);
  }
  if (count === undefined || lines.length === count) return { ok: true, value: { headers, lines } };
  return failed('truncated', `the file has ${lines.length} lines where the vendor said ${count}`);
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
