import { connectorError } from '../../errors/connector-error.ts';
import { lastingHeaders } from '../../http/headers.ts';
import type { QueryValue, RestRequest } from './request.ts';

/** A body as it goes out, and its type. */
export interface EncodedBody {
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/** Put together once, as what every request of a kind begins with. */
const types = {
  json: lastingHeaders({ 'content-type': 'application/json' }),
  text: lastingHeaders({ 'content-type': 'text/plain; charset=utf-8' }),
  form: lastingHeaders({ 'content-type': 'application/x-www-form-urlencoded' }),
};

/** Adds the values to the parameters: undefined is left out, an array repeats the name. */
export const appendAll = (parameters: URLSearchParams, values: Readonly<Record<string, QueryValue>>): void => {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [String(value)]) parameters.append(name, each);
  }
};

/**
 * The body of a request in the form that it names.
 * @throws ConnectorError `invalid-definition` for a request of two bodies.
 */
export const encodedBody = ({ method, path, body, form, text }: RestRequest): EncodedBody => {
  if ([body, form, text].filter((each) => each !== undefined).length > 1) {
    throw connectorError('invalid-definition', `${method} ${path} has two bodies: give body, form or text`);
  }
  if (body !== undefined) return { body: JSON.stringify(body), headers: types.json };
  if (text !== undefined) return { body: text, headers: types.text };
  if (form === undefined) return { body: undefined, headers: undefined };
  const parameters = new URLSearchParams();
  appendAll(parameters, form);
  return { body: parameters.toString(), headers: types.form };
};
