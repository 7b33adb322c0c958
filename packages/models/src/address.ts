import { optionalText } from './identity.ts';

/** The fields of a postal address, flat in the record: systems that keep one address keep it so. */
export const addressFields = {
  street: optionalText('Street and house number, further lines separated by a line feed.'),
  city: optionalText('City or town.'),
  region: optionalText('State, province or county, as the system names it.'),
  postalCode: optionalText('Postal code, as text: leading zeros count.'),
  country: optionalText('Country as the system keeps it: the ISO 3166-1 alpha-2 code where it has one, else the name.'),
};
