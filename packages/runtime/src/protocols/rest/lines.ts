import { connectorError } from '../../errors/connector-error.ts';
import { decodeText } from '../../http/charset.ts';
import { parseJson } from '../../http/json.ts';

/** One line of a file, parsed, and where it lies. */
export interface FileLine {
  readonly value: unknown;
  /** Bytes of the file before the line. */
  readonly begin: number;
}

/** Cuts a file into lines as its bytes arrive, wherever they are cut. */
export interface LineSplitter {
  /** The lines that are whole now. @throws ConnectorError `unexpected-content`, `too-large`. */
  readonly add: (chunk: Buffer) => FileLine[];
  /** The last line, where the file ends without a newline. @throws ConnectorError `truncated` for one that was cut. */
  readonly end: () => FileLine[];
  /** Bytes of the file before the line that is not whole yet. */
  readonly begin: () => number;
  /** All bytes of the file so far. */
  readonly bytes: () => number;
}

/** Where a splitter begins, and what it holds a line to. */
export interface SplitterOptions {
  /** Bytes of the file before the first that it is given. */
  readonly begin: number;
  readonly contentType: string;
  /** A line beyond it is refused: only one line is held at a time. */
  readonly maxLineBytes: number;
}

const newline = 0x0a;

/** Makes a splitter. Lines are cut by bytes and only then decoded, so that no character is. */
export const lineSplitter = ({ begin, contentType, maxLineBytes }: SplitterOptions): LineSplitter => {
  let pieces: Buffer[] = [];
  let kept = 0;
  let at = begin;
  const keep = (piece: Buffer) => {
    kept += piece.length;
    if (kept > maxLineBytes) throw tooLong({ at, maxLineBytes });
    pieces.push(piece);
  };
  const take = (): Buffer => {
    const [only] = pieces;
    const bytes = pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces, kept);
    pieces = [];
    kept = 0;
    return bytes;
  };
  return {
    add: (chunk) => {
      const lines: FileLine[] = [];
      let from = 0;
      for (let to = chunk.indexOf(newline); to !== -1; to = chunk.indexOf(newline, from)) {
        keep(chunk.subarray(from, to));
        const bytes = take();
        const text = decodeText(bytes, contentType);
        if (text.trim() !== '') lines.push({ value: parsedLine(text, at), begin: at });
        at += bytes.length + 1;
        from = to + 1;
      }
      if (from < chunk.length) keep(chunk.subarray(from));
      return lines;
    },
    end: () => {
      const text = textOf(take(), contentType);
      if (text?.trim() === '') return [];
      const value = text === undefined ? undefined : closedLine(text);
      if (value === undefined) throw connectorError('truncated', 'the last line of the file was cut');
      return [{ value, begin: at }];
    },
    begin: () => at,
    bytes: () => at + kept,
  };
};

const tooLong = ({ at, maxLineBytes }: { at: number; maxLineBytes: number }) =>
  connectorError('too-large', `the line at byte ${at} of the file is longer than ${maxLineBytes} bytes`);

const parsedLine = (text: string, at: number): unknown => {
  try {
    return parseJson(text);
  } catch {
    // The parser's own message quotes the text.
    throw connectorError('unexpected-content', `the line at byte ${at} of the file is not valid JSON`);
  }
};

const textOf = (bytes: Buffer, contentType: string): string | undefined => {
  try {
    return decodeText(bytes, contentType);
  } catch {
    // What is left of a cut last line may end within a character.
    return undefined;
  }
};

/** Without its newline, `12` may be what is left of `1234`; only what has a closing bracket shows that it is whole. */
const closedLine = (text: string): object | undefined => {
  try {
    const value = parseJson(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};
