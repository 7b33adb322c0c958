/** Names of headers whose values are never kept. */
const sensitiveHeader = /authorization|cookie|token|secret|api-?key|signature|password|session|credential|hmac/i;

const sensitiveNames = new Set([
  ...['authorization', 'cookie', 'password', 'passwd', 'pwd', 'secret', 'token', 'hapikey', 'apikey', 'sig'],
  ...['signature', 'hmac', 'assertion', 'nonce', 'codeverifier', 'tokensecret', 'consumerkey'],
]);

// Tokens of credentials, and not those that lead from page to page.
const sensitiveEnding =
  /(?:access|refresh|id|auth|oauth|session|csrf|bearer|client|service|api|security|user|bot)token$|(?:secret|password|apikey|privatekey|accesskey|signature|authorization|cookie|credentials?|clientassertion)$/;

/** What counts as a secret by its name. */
export interface SensitiveNames {
  readonly header: (name: string) => boolean;
  /** Of a field of JSON, an element or attribute of XML, a parameter of a query. */
  readonly field: (name: string) => boolean;
  /** Of a parameter of a form, where an authorization code is called `code`. */
  readonly formField: (name: string) => boolean;
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Makes the judgement of names, with names of the caller's besides. */
export const sensitiveNamesWith = (fields: readonly string[]): SensitiveNames => {
  const own = new Set(fields.map(plain));
  const field = (name: string): boolean => {
    const key = plain(name);
    return own.has(key) || sensitiveNames.has(key) || sensitiveEnding.test(key);
  };
  return {
    header: (name) => sensitiveHeader.test(name) || own.has(plain(name)),
    field,
    formField: (name) => field(name) || plain(name) === 'code',
  };
};
