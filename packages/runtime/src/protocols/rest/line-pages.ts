import { connectorError } from '../../errors/connector-error.ts';
import type { FileLine } from './lines.ts';

/** Where a file of lines is read on. Plain data: it may be stored. */
export interface LinePosition {
  /** Bytes of the file, inflated, before the next line. */
  readonly byte: number;
  /** Lines before it, without blank ones. */
  readonly line: number;
  /** What the vendor called this version of the file; another version has other lines at these places. */
  readonly version?: string | undefined;
}

/** What a file of lines is held to, and how it is given. */
export interface LinesOptions {
  /** How many lines the vendor said there are. Fewer or more, and the file is not what was promised. */
  readonly count?: number | undefined;
  /** How many bytes the vendor said it has, inflated. */
  readonly bytes?: number | undefined;
  /** Where to go on: the `next` of an earlier page of the same file. */
  readonly from?: LinePosition | undefined;
  /** How many lines a page has, 1,000 unless given; more where `startsRecord` keeps lines together. */
  readonly pageLines?: number | undefined;
  /** Whether a line begins a record. With it a page ends only before such a line, and never between what belongs together. */
  readonly startsRecord?: ((line: unknown) => boolean) | undefined;
  /** All lines will be held at once: the file may be no larger than `maxBodyBytes`, as any answer that is read whole. */
  readonly isGathered?: boolean | undefined;
  /** Longest line, bytes; 16 MiB unless given. */
  readonly maxLineBytes?: number | undefined;
}

/** Some lines of a file, in its order. */
export interface LinesPage {
  readonly lines: readonly unknown[];
  /** Behind them; absent on the last page, which is only given when the file has proved whole. */
  readonly next: LinePosition | undefined;
}

/** How the lines of a file become pages. */
export interface Paging {
  readonly options: LinesOptions;
  /** Bytes of the file that one page may hold; ends pages early, and refuses a record that is larger by itself. */
  readonly maxPageBytes: number;
  readonly version: () => string | undefined;
}

const defaultPageLines = 1_000;
/** A page is given before it holds so much of the file, where it can end. */
const comfortableBytes = 4 * 1024 * 1024;

/** Puts lines together to pages that end where a record does. The last one comes when the lines have ended well. */
export async function* linePages(
  batches: AsyncIterable<readonly FileLine[]>,
  { options, maxPageBytes, version }: Paging,
): AsyncGenerator<LinesPage> {
  const { from, pageLines = defaultPageLines, startsRecord = () => true } = options;
  let lines: unknown[] = [];
  let begin = from?.byte ?? 0;
  let line = from?.line ?? 0;
  for await (const batch of batches) {
    for (const each of batch) {
      const size = each.begin - begin;
      const isFull = lines.length >= pageLines || size >= Math.min(comfortableBytes, maxPageBytes);
      if (isFull && lines.length > 0 && startsRecord(each.value)) {
        line += lines.length;
        yield { lines, next: { byte: each.begin, line, version: version() } };
        lines = [];
        begin = each.begin;
      } else if (size > maxPageBytes) throw tooLarge(maxPageBytes);
      lines.push(each.value);
    }
  }
  if (lines.length > 0) yield { lines, next: undefined };
}

const tooLarge = (maxPageBytes: number) =>
  connectorError('too-large', `a record of the file has more than ${maxPageBytes} bytes of lines that belong to it`);
