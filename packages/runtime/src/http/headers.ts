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

/** Headers that were put together before, by their first and then by their second part. */
const pairs = new WeakMap<HeaderRecord, WeakMap<HeaderRecord, HeaderRecord>>();

/** Two parts that cannot change any more are put together once, and found again for each request. */
const pair = (left: HeaderRecord, right: HeaderRecord): HeaderRecord => {
  const known = pairs.get(left)?.get(right);
  if (known !== undefined) return known;
  const joined: Record<string, string> = {};
  addChecked(joined, left);
  addChecked(joined, right);
  const frozen = Object.freeze(joined);
  if (!Object.isFrozen(left) || !Object.isFrozen(right)) return frozen;
  const ofLeft = pairs.get(left) ?? new WeakMap<HeaderRecord, HeaderRecord>();
  pairs.set(left, ofLeft.set(right, frozen));
  return frozen;
};

const none: HeaderRecord = Object.freeze({});

/**
 * Puts headers together, later ones over earlier ones whatever the case of their names, and checks them: a line break
 * from a setting would add headers of its own. What it gives is frozen, and cheap to put together again.
 * @throws ConnectorError `invalid-settings`, naming the header and never its value.
 */
export const joinedHeaders = (...given: readonly (HeaderRecord | undefined)[]): HeaderRecord =>
  given.reduce<HeaderRecord>((joined, headers) => (headers === undefined ? joined : pair(joined, headers)), none);
