import { isUtf8 } from 'node:buffer';
import { connectorError } from '../errors/connector-error.ts';

const charsetParameter = /;\s*charset\s*=\s*"?([\w.:-]+)/i;

const isMarked = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

const unreadable = (charset: string) =>
  connectorError('unexpected-content', `the bytes of the answer are not ${charset}, which they are said to be`);

const decoderOf = (charset: string): TextDecoder => {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    throw connectorError('unexpected-content', 'the answer has a character set that is not known here');
  }
};

const decodeOther = (bytes: Buffer, charset: string): string => {
  // For ISO-8859-1 the decoder reads windows-1252, as browsers do: the same letters, and the quotes that vendors mean.
  const decoder = decoderOf(charset);
  try {
    return decoder.decode(bytes);
  } catch {
    throw unreadable(charset);
  }
};

/**
 * Text of the bytes of an answer, by the charset of its content type, UTF-8 unless stated; a byte order mark is left
 * out. Bytes that are none of that charset are refused, because the character that would stand in for them is stored as
 * if it were the vendor's.
 * @throws ConnectorError `unexpected-content`, also for a charset that is not known.
 */
export const decodeText = (bytes: Buffer, contentType: string): string => {
  const charset = contentType.includes(';') ? charsetParameter.exec(contentType)?.[1]?.toLowerCase() : undefined;
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') return decodeOther(bytes, charset);
  if (!isUtf8(bytes)) throw unreadable('UTF-8');
  return bytes.toString('utf8', isMarked(bytes) ? 3 : 0);
};
