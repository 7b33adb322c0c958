import { z } from 'zod';

declare const secretBrand: unique symbol;

/** A credential that prints as `[secret]`, in text, JSON and the console alike. */
export interface Secret {
  readonly [secretBrand]: true;
  toString(): string;
  toJSON(): string;
}

/** What stands where a secret would be. */
export const shownSecret = '[secret]';
const values = new WeakMap<object, string>();

/** Whether a value is a {@link Secret} made by this package. */
export const isSecret = (value: unknown): value is Secret =>
  typeof value === 'object' && value !== null && values.has(value);

/** Seals a text. The text itself is only to be had from {@link revealSecret}. */
export const sealSecret = (value: string): Secret => {
  const sealed = Object.freeze({
    toString: () => shownSecret,
    toJSON: () => shownSecret,
    [Symbol.for('nodejs.util.inspect.custom')]: () => shownSecret,
  });
  values.set(sealed, value);
  // The brand exists in the type only: at run time membership in `values` is the brand.
  return sealed as unknown as Secret;
};

/** All secrets in parsed settings or credentials, however deep they lie. */
export const secretsIn = (value: unknown): Secret[] => {
  if (isSecret(value)) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsIn) : [];
};

/** The text of a secret: for code that puts it on the wire, and for nothing else. */
export const revealSecret = (sealed: Secret): string => values.get(sealed) ?? '';

const needed = { error: 'a non-empty secret is needed' };

/**
 * Schema of a credential: takes a non-empty text or a {@link Secret} such as `env()` returns, gives a {@link Secret}.
 * @example
 * ```ts
 * import { secret } from '@mortise/runtime';
 * import { z } from 'zod';
 * export const credentials = z.strictObject({ token: secret() });
 * ```
 */
export const secret = () =>
  z
    .union([z.string().min(1, needed), z.custom<Secret>(isSecret, needed)], needed)
    .transform((value): Secret => (typeof value === 'string' ? sealSecret(value) : value));
