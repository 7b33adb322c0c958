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

/** Headers that cannot change any more, and are checked. */
const lasting = new WeakSet<HeaderRecord>();

const isGiven = (part: HeaderRecord | undefined): part is HeaderRecord => part !== undefined;

/**
 * Puts headers together that many requests will have, when a connection is opened or its token changes: frozen and
 * remembered, so that {@link joinedHeaders} puts them together with others only once.
 * @throws ConnectorError `invalid-settings`, naming the header and never its value.
 */
export const lastingHeaders = (...given: readonly (HeaderRecord | undefined)[]): HeaderRecord => {
  const joined = Object.freeze(build(given.filter(isGiven)));
  lasting.add(joined);
  return joined;
};

/** Lasting headers that were put together before, by their first and then by their second part. */
const pairs = new WeakMap<HeaderRecord, WeakMap<HeaderRecord, HeaderRecord>>();

const pair = (left: HeaderRecord, right: HeaderRecord): HeaderRecord => {
  const known = pairs.get(left)?.get(right);
  if (known !== undefined) return known;
  const joined = lastingHeaders(left, right);
  const ofLeft = pairs.get(left) ?? new WeakMap<HeaderRecord, HeaderRecord>();
  pairs.set(left, ofLeft.set(right, joined));
  return joined;
};

/**
 * Puts headers together, later ones over earlier ones whatever the case of their names, and checks them: a line break
 * from a setting would add headers of its own. Parts that all last are found put together already; anything made for
 * one request would only fill the memory of what is known.
 * @throws ConnectorError `invalid-settings`, naming the header and never its value.
 */
export const joinedHeaders = (...given: readonly (HeaderRecord | undefined)[]): HeaderRecord => {
  let joined: HeaderRecord | undefined;
  for (const part of given) {
    if (part === undefined) continue;
    if (!lasting.has(part)) return build(given.filter(isGiven));
    joined = joined === undefined ? part : pair(joined, part);
  }
  return joined ?? {};
};
