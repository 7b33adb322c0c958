import { type LossyModelConverter, type ModelConverter, refused } from './conversion/converter.ts';
import { peer } from './conversion/peer.ts';

const { default: countries } = await peer('i18n-iso-countries', () => import('i18n-iso-countries'));

const checked = (code: string): string => {
  if (countries.alpha2ToAlpha3(code) === undefined || code !== code.toUpperCase()) {
    throw refused('is not an ISO 3166-1 alpha-2 code in capitals');
  }
  return code;
};

/** The ISO 3166-1 alpha-2 code as it is, checked: `DE`. */
export const countryCode: ModelConverter<string, string> = {
  name: 'country as alpha-2',
  decode: checked,
  encode: checked,
};

/** ISO 3166-1 alpha-3 (`DEU`) to alpha-2 (`DE`) and back. */
export const countryAlpha3: ModelConverter<string, string> = {
  name: 'country as alpha-3',
  decode: (alpha3) => {
    const code = alpha3 === alpha3.toUpperCase() && alpha3.length === 3 ? countries.alpha3ToAlpha2(alpha3) : undefined;
    if (code === undefined) throw refused('is not an ISO 3166-1 alpha-3 code in capitals');
    return code;
  },
  encode: (code) => countries.alpha2ToAlpha3(checked(code)) ?? code,
};

/**
 * Country names to alpha-2 codes and back, by i18n-iso-countries: names are read in every language given, official or
 * usual, in any case, and written in the first one. How a country was spelled does not survive.
 * @param languages ISO 639-1 codes, for instance `['en', 'de']`; at least one.
 * @throws RangeError for a language without names.
 * @example
 * ```ts
 * import { countryName } from '@mortise/models/country';
 * countryName(['en', 'de']).decode('Deutschland'); // 'DE'
 * ```
 */
export const countryName = (languages: readonly [string, ...string[]]): LossyModelConverter<string, string> => {
  const known = countries.getSupportedLanguages();
  if (!languages.every((language) => known.includes(language))) {
    throw new RangeError('a language of country names is not a known ISO 639-1 code');
  }
  const [first] = languages;
  return {
    name: `country by name in ${languages.join(', ')}`,
    loss: 'the spelling of the name',
    decode: (text) => {
      for (const language of languages) {
        const code = countries.getAlpha2Code(text.trim(), language);
        if (code !== undefined) return code;
      }
      throw refused('is no name of a country in the languages given');
    },
    encode: (code) => {
      const name = countries.getName(checked(code), first);
      if (name === undefined) throw refused('is a country without a name in the language written');
      return name;
    },
  };
};
