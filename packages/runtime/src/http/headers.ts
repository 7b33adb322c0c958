import { connectorError } from '../errors/connector-error.ts';

type HeaderRecord = Readonly<Record<string, string>>;

const token = /^[!#$%&'*+.^_`|~\w-]+$/;
const printable = /^[\t\x20-\x7e]*$/;

const addChecked = (joined: Record<string, string>, headers: HeaderRecord): void => {
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
};

const build = (parts: readonly HeaderRecord[]): Record<string, string> => {
  const joined: Record<string, string> = {};
  for (const part of parts) addChecked(joined, part);
  return joined;
};

/** Headers that were put together before, by their first and then by their second part. */
const pairs = new WeakMap<HeaderRecord, WeakMap<HeaderRecord, HeaderRecord>>();

/** Two parts that cannot change any more are put together once, and found again for each request. */
const pair = (left: HeaderRecord, right: HeaderRecord): HeaderRecord => {
  const known = pairs.get(left)?.get(right);
  if (known !== undefined) return known;
  const joined = Object.freeze(build([left, right]));
  const ofLeft = pairs.get(left) ?? new WeakMap<HeaderRecord, HeaderRecord>();
  pairs.set(left, ofLeft.set(right, joined));
  return joined;
};

const isGiven = (part: HeaderRecord | undefined): part is HeaderRecord => part !== undefined;

/**
 * Puts headers together, later ones over earlier ones whatever the case of their names, and checks them: a line break
 * from a setting would add headers of its own. One part alone comes back frozen, and parts that are all frozen are put
 * together only once: headers of a connection should be made so when it is opened.
 * @throws ConnectorError `invalid-settings`, naming the header and never its value.
 */
export const joinedHeaders = (...given: readonly (HeaderRecord | undefined)[]): HeaderRecord => {
  const parts = given.filter(isGiven);
  const [first, ...others] = parts;
  if (first === undefined || others.length === 0) return Object.freeze(build(parts));
  // Anything made for this one request would only fill the memory of what is known.
  return parts.every(Object.isFrozen) ? others.reduce(pair, first) : build(parts);
};
