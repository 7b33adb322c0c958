import { isUtf8 } from 'node:buffer';

interface Mark {
  readonly bytes: readonly number[];
  readonly encoding: string;
}

const marks: readonly Mark[] = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
];

/** How UTF-16 without a mark begins: the `<` of the first tag or of the declaration. */
const unmarked: readonly Mark[] = [
  { bytes: [0x3c, 0x00], encoding: 'utf-16le' },
  { bytes: [0x00, 0x3c], encoding: 'utf-16be' },
];

const begins = (bytes: Buffer, { bytes: start }: Mark): boolean => start.every((byte, index) => bytes[index] === byte);

/** The declaration is ASCII in every encoding that is not known by its first bytes. */
const longestDeclaration = 200;
const declared = /^<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/;
const charset = /;\s*charset\s*=\s*"?([\w.:-]+)/i;

const declaredEncoding = (bytes: Buffer): string | undefined =>
  declared.exec(bytes.toString('latin1', 0, longestDeclaration))?.[1];

const latin1Names = new Set(['iso-8859-1', 'iso8859-1', 'latin1', 'l1']);
const asciiNames = new Set(['us-ascii', 'ascii']);

/** `utf-16` alone does not say which end comes first; without a mark it is the big one (RFC 2781, section 4.3). */
const exactName = (name: string): string => (name === 'utf-16' ? 'utf-16be' : name);

const decoded = (bytes: Buffer, name: string): string | undefined => {
  if (name === 'utf-8' || name === 'utf8' || asciiNames.has(name))
    return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
  // The web's `iso-8859-1` is windows-1252: other characters from 0x80 to 0x9f.
  if (latin1Names.has(name)) return bytes.toString('latin1');
  try {
    return new TextDecoder(name, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/**
 * The text of an XML document, without its byte order mark. Its encoding is told by the mark, else by the media type's
 * charset, else by the XML declaration (RFC 7303), else it is UTF-8. Undefined where the bytes are not of their
 * encoding, or nobody knows that encoding.
 */
export const xmlText = (bytes: Buffer, contentType: string): string | undefined => {
  const mark = marks.find((each) => begins(bytes, each));
  if (mark !== undefined) return decoded(bytes.subarray(mark.bytes.length), mark.encoding);
  const guessed = unmarked.find((each) => begins(bytes, each));
  if (guessed !== undefined) return decoded(bytes, guessed.encoding);
  const stated = charset.exec(contentType)?.[1] ?? declaredEncoding(bytes) ?? 'utf-8';
  return decoded(bytes, exactName(stated.toLowerCase()));
};
