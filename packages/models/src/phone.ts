import type { CountryCode } from 'libphonenumber-js';
import { type LossyModelConverter, refused } from './conversion/converter.ts';
import { peer } from './conversion/peer.ts';

const { getCountries, parsePhoneNumberFromString } = await peer('libphonenumber-js', () => import('libphonenumber-js'));

/** How phone numbers are read. */
export interface PhoneOptions {
  /** Country of numbers that name none, as ISO 3166-1 alpha-2. Without it, such numbers are refused. */
  readonly country?: string;
  /** What becomes of a text that is no valid number: refused, or kept as it is. */
  readonly invalid?: 'reject' | 'keep';
}

const countryOf = (country: string | undefined): CountryCode | undefined => {
  if (country === undefined) return undefined;
  const known = getCountries().find((each) => each === country);
  if (known === undefined) throw new RangeError('the country of phone numbers is not an ISO 3166-1 alpha-2 code');
  return known;
};

/**
 * Phone numbers as E.164 text, for instance `+4930901820`, by libphonenumber-js. How a number was spelled does not
 * survive. Numbers with an extension are refused: E.164 has no place for one.
 * @throws RangeError when the country is none.
 * @example
 * ```ts
 * import { phoneNumber } from '@mortise/models/phone';
 * phoneNumber({ country: 'DE' }).decode('030 901820'); // '+4930901820'
 * ```
 */
export const phoneNumber = ({
  country,
  invalid = 'reject',
}: PhoneOptions = {}): LossyModelConverter<string, string> => {
  const defaultCountry = countryOf(country);
  const normal = (text: string): string => {
    const number = parsePhoneNumberFromString(text, { ...(defaultCountry && { defaultCountry }), extract: false });
    if (number?.isValid() && number.ext === undefined) return number.number;
    if (invalid === 'keep') return text;
    throw refused(number?.ext === undefined ? 'is no valid phone number' : 'has an extension, which E.164 cannot say');
  };
  return {
    name: `phone as E.164${country === undefined ? '' : `, ${country} unless said`}`,
    loss: 'the spelling of the number',
    decode: normal,
    encode: normal,
  };
};
