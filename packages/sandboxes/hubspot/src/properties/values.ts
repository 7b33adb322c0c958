import { type FailureDetail, type HubSpotFailure, invalid } from '../failure.ts';
import type { HubSpotState, ObjectType } from '../types.ts';
import type { PropertyDefinition } from './standard.ts';

/** Values to write: null clears. */
export type PropertyChanges = Record<string, string | null>;

const emailShape = /^[^\s@<>()",;:\\]+@[^\s@.]+(\.[^\s@.]+)+$/u;

/** Unix milliseconds of digits or of an ISO text; undefined for anything else. */
export function timeOf(value: string): number | undefined {
  if (/^-?\d+$/.test(value)) return Number(value);
  const parsed = Date.parse(value);
  return Number.isNaN(parsed) ? undefined : parsed;
}

type Checked = { value: string } | { code: string; message: string };

const problem = (code: string, message: string): Checked => ({ code, message });

function checkedTime(definition: PropertyDefinition, value: string): Checked {
  const time = timeOf(value);
  if (time === undefined) return problem('INVALID_DATE', `${definition.name} was not a valid date.`);
  const iso = new Date(time).toISOString();
  return { value: definition.type === 'date' ? iso.slice(0, 10) : iso };
}

function checked(definition: PropertyDefinition, value: string): Checked {
  const { name, type, options } = definition;
  if (definition.readOnly)
    return problem('READ_ONLY_VALUE', `"${name}" is a read only property; its value cannot be set.`);
  if (type === 'number' && !Number.isFinite(Number(value)))
    return problem('INVALID_NUMBER', `${name} was not a valid number.`);
  if (type === 'date' || type === 'datetime') return checkedTime(definition, value);
  if (options.length > 0 && !options.some((option) => option.value === value)) {
    const allowed = options.map((option) => option.value).join(', ');
    return problem('INVALID_OPTION', `${name} was not one of the allowed options: [${allowed}]`);
  }
  if (type === 'bool' && value !== 'true' && value !== 'false')
    return problem('INVALID_OPTION', `${name} must be true or false.`);
  return { value };
}

function checkedEmail(value: string): Checked {
  // The vendor stores e-mail addresses in lower case, and compares them so.
  const email = value.trim().toLowerCase();
  return emailShape.test(email) ? { value: email } : problem('INVALID_EMAIL', 'Email address is invalid');
}

function refusal(details: FailureDetail[]): HubSpotFailure {
  const listed = details.map(({ message, code, context }) => ({
    isValid: false,
    message,
    error: code,
    name: context?.propertyName?.[0],
  }));
  return invalid(`Property values were not valid: ${JSON.stringify(listed)}`, { errors: details });
}

function checkedOne(
  state: HubSpotState,
  type: ObjectType,
  { name, value }: { name: string; value: unknown },
): Checked | null {
  const definition = state.properties.find(type, name);
  if (definition === undefined) return problem('PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`);
  // An empty string clears a property, as null does.
  if (value === null || value === '') return null;
  if (typeof value === 'object')
    return problem('INVALID_VALUE', `${name} must be a string, a number, a boolean or null.`);
  if (type === 'contacts' && name === 'email') return checkedEmail(String(value));
  return checked(definition, String(value));
}

/** Checks and normalises values as the vendor does. Throws one 400 that lists every bad one. */
export function checkProperties(
  state: HubSpotState,
  type: ObjectType,
  input: Record<string, unknown>,
): PropertyChanges {
  const changes: PropertyChanges = {};
  const details: FailureDetail[] = [];
  for (const [name, value] of Object.entries(input)) {
    const result = checkedOne(state, type, { name, value });
    if (result === null) changes[name] = null;
    else if ('value' in result) changes[name] = result.value;
    else details.push({ message: result.message, code: result.code, context: { propertyName: [name] } });
  }
  if (details.length > 0) throw refusal(details);
  return changes;
}
