import { createCipheriv, createDecipheriv, createHmac, createSecretKey } from 'node:crypto';
import { connectorError } from '@mortise/runtime';
import { keyLength } from './key.ts';
import { createNonces, nonceLength } from './nonces.ts';

/*
 * One sealed value, in one BLOB:
 *
 *   byte  0        layout, 1
 *   bytes 1 - 4    key id: the first bytes of HMAC-SHA256(key, 'mortise key id')
 *   bytes 5 - 16   nonce, random
 *   bytes 17 - 32  tag
 *   bytes 33 -     ciphertext, AES-256-GCM of UTF-8 text, or of a webhook's raw bytes
 *
 * The place where the value belongs is the additional data: moved elsewhere, it does not open.
 */
const layout = 1;
const keyIdLength = 4;
const tagLength = 16;
const nonceAt = 1 + keyIdLength;
const tagAt = nonceAt + nonceLength;
const textAt = tagAt + tagLength;
const algorithm = 'aes-256-gcm';

/** Encrypts texts and bytes and opens them again under one key. */
export interface Sealer {
  /** Id of the key, hexadecimal: tells keys apart and gives nothing away. */
  readonly keyId: string;
  /** A keyed hash, hexadecimal: finds a row by a text without holding it. */
  readonly hash: (text: string) => string;
  /** Encrypts a text, or bytes, for one place. */
  readonly seal: (content: string | Uint8Array, place: string) => Uint8Array;
  /** The text, or undefined when the bytes were sealed for another place or under another key, or were changed. */
  readonly open: (sealed: Uint8Array, place: string) => string | undefined;
  /** The bytes, where they need not be a text. */
  readonly openBytes: (sealed: Uint8Array, place: string) => Uint8Array | undefined;
}

/**
 * Makes a sealer.
 * @throws ConnectorError `invalid-settings` when the key is not 32 bytes long.
 */
export const createSealer = (key: Uint8Array): Sealer => {
  if (key.length !== keyLength)
    throw connectorError('invalid-settings', 'the key of the state is not 32 bytes long: see keyFromEnvironment');
  // A key object, not bytes: with bytes node sets the key up anew for each row, ten times as slow.
  const secret = createSecretKey(key);
  const keyId = createHmac('sha256', secret).update('mortise key id').digest().subarray(0, keyIdLength);
  const nextNonce = createNonces();

  const seal = (content: string | Uint8Array, place: string): Uint8Array => {
    const nonce = nextNonce();
    const cipher = createCipheriv(algorithm, secret, nonce, { authTagLength: tagLength });
    cipher.setAAD(Buffer.from(place));
    const body = typeof content === 'string' ? cipher.update(content, 'utf8') : cipher.update(content);
    cipher.final();
    const sealed = Buffer.allocUnsafe(textAt + body.length);
    sealed[0] = layout;
    sealed.set(keyId, 1);
    sealed.set(nonce, nonceAt);
    sealed.set(cipher.getAuthTag(), tagAt);
    sealed.set(body, textAt);
    return sealed;
  };

  const openBytes = (sealed: Uint8Array, place: string): Buffer | undefined => {
    if (sealed.length < textAt || sealed[0] !== layout || keyId.compare(sealed, 1, nonceAt) !== 0) return undefined;
    const decipher = createDecipheriv(algorithm, secret, sealed.subarray(nonceAt, tagAt), { authTagLength: tagLength });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(sealed.subarray(tagAt, textAt));
    const content = decipher.update(sealed.subarray(textAt));
    try {
      return Buffer.concat([content, decipher.final()]);
    } catch {
      return undefined; // the tag does not fit: the only reason for which final() throws here
    }
  };

  const hash = (text: string) => createHmac('sha256', secret).update(`mortise hash\n${text}`).digest('hex');
  const open = (sealed: Uint8Array, place: string) => openBytes(sealed, place)?.toString('utf8');
  return { keyId: keyId.toString('hex'), hash, seal, open, openBytes };
};
