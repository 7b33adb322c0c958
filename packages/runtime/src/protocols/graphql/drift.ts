import { readField } from '../../contract/field.ts';
import type { GraphqlError } from './errors.ts';

/** Codes of a document that does not fit the schema: Apollo's and Yoga's, and Shopify's. */
const driftCodes = new Set([
  'GRAPHQL_VALIDATION_FAILED',
  'undefinedField',
  'undefinedType',
  'undefinedEnum',
  'argumentNotAccepted',
  'missingRequiredArguments',
]);

// graphql-js's own wording, for servers that send no code. Between the quotes stand names of the schema, as in the
// document that we sent: never a value.
const wording = [
  /^Cannot query field "(?<name>\w+)" on type "(?<type>\w+)"/,
  /^Unknown argument "(?<name>\w+)" on field "(?<type>\w+(?:\.\w+)?)"/,
  /^Unknown type "(?<type>\w+)"/,
  /^Field "(?<name>\w+)" is not defined by type "(?<type>\w+)"/,
];

/**
 * What the vendor's schema does not have, as `'Order.note'`, where an error says that the document no longer fits it.
 * Such an error comes before anything is run, so that it stands at no field of the answer.
 */
export const driftOf = (entry: unknown, { code, path }: GraphqlError): string | undefined => {
  if (path !== undefined && code === undefined) return undefined;
  const message = readField(entry, 'message');
  const found = typeof message === 'string' ? wording.map((each) => each.exec(message)).find(Boolean) : undefined;
  if (found === undefined && (code === undefined || !driftCodes.has(code))) return undefined;
  const { type = nameAt(entry, 'typeName'), name = nameAt(entry, 'fieldName') } = found?.groups ?? {};
  const full = [type, name].filter((each) => each !== undefined).join('.');
  return full === '' ? 'what the document asks for' : `'${full}'`;
};

/** Shopify names what is missing in the error's extensions. */
const nameAt = (entry: unknown, key: string): string | undefined => {
  const name = readField(entry, `extensions.${key}`);
  return typeof name === 'string' && /^\w{1,80}$/.test(name) ? name : undefined;
};
