import type { Readable } from 'node:stream';
import { errorCodes } from '../../errors/codes.ts';
import { type ConnectorError, connectorError, isConnectorError } from '../../errors/connector-error.ts';
import { tooLarge } from '../../http/body.ts';
import { receivedChunks } from '../../http/received-chunks.ts';
import { backoff } from '../../resilience/backoff.ts';
import type { CallDescription, CallRoad } from '../../resilience/call-road.ts';
import { sleep } from '../../resilience/clock.ts';
import { reportAttempt } from '../../resilience/report.ts';
import type { Headers } from '../../resilience/retry-after.ts';
import { type LinePosition, type LinesOptions, type LinesPage, linePages } from './line-pages.ts';
import { type FileLine, lineSplitter } from './lines.ts';

/** A file whose body is on its way. */
export interface OpenedFile {
  readonly status: number;
  readonly headers: Headers;
  readonly stream: Readable;
}

/** How a file of lines is fetched. */
export interface LineFile {
  readonly road: CallRoad;
  readonly call: CallDescription;
  /** Asks for the file with these headers added. @throws ConnectorError */
  readonly open: (headers: Readonly<Record<string, string>>) => Promise<OpenedFile>;
}

/** Lines are records: one of more is no file of records. */
const defaultMaxLineBytes = 16 * 1024 * 1024;

/**
 * Reads a file of lines page by page. Where its connection breaks, the file is asked for again from the last whole line
 * on, by its bytes where the host can do that and by reading past them where not.
 * @throws ConnectorError `truncated` for a file that stays cut, `expired-cursor` where it is not the file of `from`.
 */
export const readLineFile = (file: LineFile, options: LinesOptions): AsyncGenerator<LinesPage> => {
  const reading: Reading = { file, options, at: options.from ?? { byte: 0, line: 0 }, canRange: true, failures: 0 };
  const { maxBodyBytes } = file.road.limits;
  return linePages(resumedLines(reading), { options, maxPageBytes: maxBodyBytes, version: () => reading.at.version });
};

/** Where the reading of a file stands. */
interface Reading {
  readonly file: LineFile;
  readonly options: LinesOptions;
  /** Behind the last whole line. */
  at: LinePosition;
  /** Whether the host gives a part of the file when asked for it. */
  canRange: boolean;
  /** How often it broke since the last whole line. */
  failures: number;
}

async function* resumedLines(reading: Reading): AsyncGenerator<readonly FileLine[]> {
  const { road, call } = reading.file;
  for (;;) {
    const part = await openPart(reading);
    if (part === undefined) continue;
    try {
      yield* partLines(reading, part);
      return;
    } catch (thrown) {
      const error = told(thrown, reading);
      if (errorCodes[error.code].retry !== 'when-repeatable') throw error;
      reading.failures += 1;
      if (reading.failures >= road.limits.attempts || !road.budget.take('transient')) throw told(error, reading);
      const waitMs = backoff(reading.failures, { ...road.limits, random: road.random });
      reportAttempt(road, { call, attempts: reading.failures }, { failure: error, waitMs });
      await sleep(road.clock, waitMs, call.signal);
    }
  }
}

/** What went wrong with the body, with what is known of its request. */
const told = (thrown: unknown, { file, failures }: Reading): ConnectorError => {
  if (!isConnectorError(thrown)) throw thrown;
  const { method, template, operation } = file.call;
  const details = { method, template, operation, attempts: Math.max(1, failures), cause: thrown.cause };
  return connectorError(thrown.code, thrown.message, details);
};

/** The file from some byte on, which is the last that was read or the first. */
interface FilePart {
  readonly stream: Readable;
  readonly begin: number;
  readonly contentType: string;
}

const strongTag = /^"[^"]*"$/;

/** Asks from the last byte that was read: it must be the newline that it was. */
const rangeHeaders = ({ byte, version }: LinePosition): Record<string, string> => ({
  range: `bytes=${byte - 1}-`,
  // A part of something compressed cannot be inflated.
  'accept-encoding': 'identity',
  ...(version !== undefined && strongTag.test(version) && { 'if-range': version }),
});

/** Opens the file where reading goes on; undefined where the host gave a part that is of no use, and is asked anew. */
const openPart = async (reading: Reading): Promise<FilePart | undefined> => {
  const { at, file } = reading;
  const isPart = at.byte > 0 && reading.canRange;
  const { status, headers, stream } = await file.open(isPart ? rangeHeaders(at) : {});
  const version = versionOf(headers);
  const contentType = headers['content-type'] ?? '';
  if (at.version !== undefined && version !== undefined && !isSameVersion(version, at.version)) {
    stream.destroy();
    throw anotherFile();
  }
  reading.at = { ...at, version: at.version ?? version };
  if (status !== 206) return { stream, begin: 0, contentType };
  if (isPart && partBegin(headers) === at.byte - 1) return { stream, begin: at.byte - 1, contentType };
  stream.destroy();
  if (!isPart) throw connectorError('unexpected-content', 'the answer is a part of a file that was asked for whole');
  reading.canRange = false;
  return undefined;
};

const versionOf = ({ etag, 'last-modified': modified }: Headers): string | undefined => etag ?? modified;

/** Servers mark the tag of what they compress, weakly or by a suffix: it is the same file. */
const plainTag = (version: string): string => version.replace(/^W\//, '').replace(/[-;](?:gzip|br)"$/, '"');

const isSameVersion = (one: string, other: string): boolean => plainTag(one) === plainTag(other);

const partBegin = (headers: Headers): number | undefined => {
  const encoding = headers['content-encoding'] ?? 'identity';
  const [, begin] = /^bytes (\d+)-/.exec(headers['content-range'] ?? '') ?? [];
  return begin === undefined || encoding !== 'identity' ? undefined : Number(begin);
};

const anotherFile = () =>
  connectorError('expired-cursor', 'the file is not the one whose first part was read: begin anew without the cursor');

/** The whole lines of a part, from where reading stands. */
async function* partLines(reading: Reading, part: FilePart): AsyncGenerator<readonly FileLine[]> {
  const { file, options } = reading;
  const { road, call } = file;
  const { maxLineBytes = defaultMaxLineBytes, isGathered = false } = options;
  const splitter = lineSplitter({ begin: reading.at.byte, contentType: part.contentType, maxLineBytes });
  const { host } = call.url;
  const unread = skipRead({ begin: part.begin, upTo: reading.at.byte });
  for await (const chunk of receivedChunks(part.stream, { road, host, signal: call.signal })) {
    if (isGathered && splitter.bytes() + chunk.length > road.limits.maxBodyBytes)
      throw tooLarge(road.limits.maxBodyBytes);
    const lines = splitter.add(unread.skip(chunk));
    if (splitter.begin() === reading.at.byte) continue;
    advance(reading, { byte: splitter.begin(), lines: lines.length });
    yield lines;
  }
  if (!unread.isPast()) throw connectorError('truncated', 'the file ended before what was read of it already');
  const last = splitter.end();
  const line = reading.at.line + last.length;
  checkTotals({ line, bytes: splitter.bytes() }, options);
  yield last;
}

const advance = (reading: Reading, { byte, lines }: { byte: number; lines: number }): void => {
  reading.at = { ...reading.at, byte, line: reading.at.line + lines };
  reading.failures = 0;
};

const newline = 0x0a;

/** Leaves out the bytes that were read already; the last of them must have ended a line. */
const skipRead = ({ begin, upTo }: { begin: number; upTo: number }) => {
  let at = begin;
  const skip = (chunk: Buffer): Buffer => {
    const skipped = Math.min(chunk.length, Math.max(0, upTo - at));
    at += chunk.length;
    if (skipped > 0 && at - chunk.length + skipped === upTo && chunk[skipped - 1] !== newline) throw anotherFile();
    return chunk.subarray(skipped);
  };
  return { skip, isPast: () => at >= upTo };
};

/** Fewer is a cut that fell between two lines; more is another file than the vendor spoke of. */
const checkTotals = (
  found: { readonly line: number; readonly bytes: number },
  { count = found.line, bytes = found.bytes }: Pick<LinesOptions, 'count' | 'bytes'>,
): void => {
  const told = `the file has ${found.line} lines of ${found.bytes} bytes where the vendor said ${count} of ${bytes}`;
  if (found.line < count || found.bytes < bytes) throw connectorError('truncated', told);
  if (found.line > count || found.bytes > bytes) throw connectorError('unexpected-content', told);
};
