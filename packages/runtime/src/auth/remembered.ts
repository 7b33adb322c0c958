import type { AuthHeaders, LiveAuth } from './auth.ts';

/** Headers that carry credentials; what else an auth method sends, such as a shop's name, belongs into messages. */
const secretHeader = /auth|cookie|token|key|secret|session|signature|password/i;

/** The credential of a header value such as `Bearer abc`, without its scheme. */
const credentialOf = (value: string): string => value.slice(value.indexOf(' ') + 1);

/** The same auth method, which tells of every credential that it puts on the wire: tokens of sessions are secrets too. */
export const remembered = (auth: LiveAuth, remember: (credential: string) => void): LiveAuth => {
  let last: AuthHeaders | undefined;
  const seen = (headers: AuthHeaders): AuthHeaders => {
    if (headers === last) return headers;
    last = headers;
    for (const [name, value] of Object.entries(headers)) if (secretHeader.test(name)) remember(credentialOf(value));
    return headers;
  };
  return {
    ...auth,
    headers: (request, signal) => {
      const headers = auth.headers(request, signal);
      return headers instanceof Promise ? headers.then(seen) : seen(headers);
    },
  };
};
