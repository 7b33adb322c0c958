import { connectorError } from '../errors/connector-error.ts';
import { type Secret, sealSecret } from './secret.ts';

/**
 * Reads a credential from an environment variable, sealed. An empty variable counts as missing.
 * @throws ConnectorError `invalid-settings`, naming the variable.
 * @example
 * ```ts
 * import { env } from '@mortise/runtime';
 * const credentials = { token: env('HUBSPOT_TOKEN') };
 * ```
 */
export const env = (name: string): Secret => {
  const value = process.env[name];
  if (value === undefined || value.trim() === '') {
    const state = value === undefined ? 'is not set' : 'is empty';
    throw connectorError('invalid-settings', `environment variable ${name} ${state}: set it to the credential`);
  }
  return sealSecret(value);
};
