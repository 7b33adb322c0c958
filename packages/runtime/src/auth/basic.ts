import { revealSecret, type Secret } from '../contract/secret.ts';
import { connectorError } from '../errors/connector-error.ts';
import { lastingHeaders } from '../http/headers.ts';
import type { Auth } from './auth.ts';

/** User name and password of Basic authentication. */
export interface BasicCredentials {
  readonly username: string;
  readonly password: Secret;
}

/** RFC 7617, section 2: no control characters in either part. */
const control = /\p{Cc}/u;

/**
 * User name and password in `Authorization: Basic …`, in UTF-8.
 * @throws ConnectorError `invalid-settings` for a colon in the user name, where the password would seem to begin, or a
 * control character in either.
 * @see https://www.rfc-editor.org/rfc/rfc7617
 */
export const basic = ({ username, password }: BasicCredentials): Auth<unknown> => {
  const revealed = revealSecret(password);
  if (username.includes(':')) {
    throw connectorError('invalid-settings', 'the user name holds a colon, which Basic authentication cannot send');
  }
  if (control.test(username) || control.test(revealed)) {
    const reason = 'holds a line break or another control character: correct it';
    throw connectorError('invalid-settings', `the user name or the password ${reason}`);
  }
  const encoded = Buffer.from(`${username}:${revealed}`).toString('base64');
  const headers = lastingHeaders({ authorization: `Basic ${encoded}` });
  return { secrets: [password], connect: () => ({ headers: () => headers }) };
};
