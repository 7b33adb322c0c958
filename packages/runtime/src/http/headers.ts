import { connectorError } from '../errors/connector-error.ts';

const token = /^[!#$%&'*+.^_`|~\w-]+$/;
const printable = /^[\t\x20-\x7e]*$/;

/**
 * Puts headers together, later ones over earlier ones whatever the case of their names, and checks them: a line break
 * from a setting would add headers of its own.
 * @throws ConnectorError `invalid-settings`, naming the header and never its value.
 */
export const joinedHeaders = (
  ...given: readonly (Readonly<Record<string, string>> | undefined)[]
): Readonly<Record<string, string>> => {
  const joined: Record<string, string> = {};
  for (const headers of given) {
    for (const name in headers) {
      const value = headers[name] ?? '';
      if (!token.test(name)) throw connectorError('invalid-settings', 'a header has a name that HTTP does not allow');
      if (!printable.test(value)) {
        const reason =
          'holds a line break or a character that is not ASCII: correct the setting or credential it is made of';
        throw connectorError('invalid-settings', `the header '${name.toLowerCase()}' ${reason}`);
      }
      joined[name.toLowerCase()] = value;
    }
  }
  return joined;
};
