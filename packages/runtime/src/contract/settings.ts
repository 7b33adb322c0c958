import type { z } from 'zod';
import { connectorError } from '../errors/connector-error.ts';
import { recordIssues } from './schema.ts';

/** Number of edits that turn one word into the other, for "did you mean". */
const distance = (left: string, right: string): number => {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
};

/** The known name nearest to a misspelt one, when it is near enough to be meant. */
export const nearestName = (name: string, known: readonly string[]): string | undefined => {
  const ranked = known.map((candidate) => ({ candidate, edits: distance(name, candidate) }));
  const best = ranked.toSorted((left, right) => left.edits - right.edits)[0];
  return best !== undefined && best.edits <= Math.max(2, Math.floor(name.length / 3)) ? best.candidate : undefined;
};

/** Whose settings are checked, for the message. */
export interface SettingsOwner {
  readonly connector: string;
  /** `setting` or `credential`. */
  readonly kind: 'setting' | 'credential';
}

const secretName = /token|secret|password|passwd|api-?_?key|signature/i;

/** A secret in a URL ends up in logs of proxies and in committed files. @throws ConnectorError `unsafe-url` */
const refuseSecretUrls = (settings: object, connector: string): void => {
  for (const [name, value] of Object.entries(settings)) {
    const url = typeof value === 'string' ? URL.parse(value) : null;
    if (url === null || !url.protocol.startsWith('http')) continue;
    if (url.username === '' && url.password === '' && ![...url.searchParams.keys()].some((key) => secretName.test(key)))
      continue;
    const advice = 'give it as a credential, from the environment';
    throw connectorError('unsafe-url', `setting '${name}' of ${connector} holds a secret in its URL: ${advice}`, {
      connector,
    });
  }
};

/**
 * Parses settings or credentials.
 * @throws ConnectorError `invalid-settings`: names the first wrong one, and the nearest known name of a misspelt one;
 * `unsafe-url` for a setting that is a URL with a password or token in it.
 */
export const parseSettings = <Schema extends z.ZodObject>(
  schema: Schema,
  given: { readonly input: unknown; readonly owner: SettingsOwner },
): z.output<Schema> => {
  const { input, owner } = given;
  const result = schema.safeParse(input ?? {});
  const { connector, kind } = owner;
  if (result.success) {
    if (kind === 'setting') refuseSecretUrls(result.data, connector);
    return result.data;
  }
  const unknownKeys = result.error.issues.find((issue) => issue.code === 'unrecognized_keys')?.keys ?? [];
  const [misspelt] = unknownKeys;
  if (misspelt !== undefined) {
    const nearest = nearestName(misspelt, Object.keys(schema.shape));
    const advice =
      nearest === undefined
        ? `known are: ${Object.keys(schema.shape).join(', ') || 'none'}`
        : `did you mean '${nearest}'?`;
    throw connectorError('invalid-settings', `${connector} has no ${kind} '${misspelt}': ${advice}`, { connector });
  }
  const issues = recordIssues(result.error);
  const [first] = issues;
  const where = first === undefined || first.path === '' ? `the ${kind}s` : `${kind} '${first.path}'`;
  throw connectorError('invalid-settings', `${where} of ${connector} cannot be used: ${first?.reason}`, {
    connector,
    issues,
  });
};
