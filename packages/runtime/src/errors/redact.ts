import { revealSecret, type Secret, shownSecret } from '../contract/secret.ts';

/** Secrets shorter than this would blank out ordinary words. */
const shortestRedacted = 6;

/** The part of a base64 text that depends on the value alone when `offset` bytes stand before it, as in Basic auth. */
const inner = (value: string, { offset, encoding }: { offset: number; encoding: 'base64' | 'base64url' }): string => {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]);
  const text = bytes.toString(encoding);
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
};

const forms = (value: string): string[] => [
  value,
  encodeURIComponent(value),
  new URLSearchParams([['', value]]).toString().slice(1),
  JSON.stringify(value).slice(1, -1),
  ...[0, 1, 2].flatMap((offset) => [
    inner(value, { offset, encoding: 'base64' }),
    inner(value, { offset, encoding: 'base64url' }),
  ]),
];

/** Replaces secrets in a text. */
export type Redact = (text: string) => string;

/** A redactor that can be told of secrets which only come up later, such as the token of a session. */
export interface GrowingRedactor {
  readonly redact: Redact;
  /** One that holds as long as the connection, such as a proxy's password, is looked for as long. */
  readonly add: (value: string, isLasting?: boolean) => void;
}

/** Sessions that a long-lived connection has had; tokens that were replaced before these are no longer looked for. */
const mostAdded = 16;

/** Longer first: one secret may be a part of another. */
const needlesOf = (values: readonly string[]): string[] => {
  const needles = values.filter(({ length }) => length >= shortestRedacted).flatMap(forms);
  return [...new Set(needles)].toSorted((left, right) => right.length - left.length);
};

/** Makes a redactor of the given secrets that can learn more. */
export const growingRedactor = (secrets: readonly Secret[]): GrowingRedactor => {
  const known = secrets.map(revealSecret);
  const added: string[] = [];
  // Made when first needed: credentials come with calls, and most calls have nothing to redact.
  let needles: readonly string[] | undefined;
  return {
    redact: (text) => {
      needles ??= needlesOf([...known, ...added]);
      return needles.reduce((clean, needle) => clean.replaceAll(needle, shownSecret), text);
    },
    add: (value, isLasting = false) => {
      if (known.includes(value) || added.includes(value)) return;
      (isLasting ? known : added).push(value);
      if (added.length > mostAdded) added.shift();
      needles = undefined;
    },
  };
};

/**
 * Makes a function that replaces the given secrets in a text, also where they stand URL-encoded, JSON-escaped or
 * inside base64. The second line of defence: messages are made of names and numbers in the first place.
 */
export const redactor = (secrets: readonly Secret[]): Redact => growingRedactor(secrets).redact;
