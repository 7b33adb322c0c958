import type { CassetteBody, CassetteRequest } from './cassette.ts';

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
};

/** A body so that two of one meaning are alike: the order of keys and the blanks between them mean nothing. */
export const plainBody = (body: CassetteBody | undefined): string => {
  if (body === undefined) return '';
  if ('base64' in body) return body.base64;
  // A parser would take two long numbers for one.
  if (/\d{16}/.test(body.text)) return body.text.trim();
  try {
    return JSON.stringify(sorted(JSON.parse(body.text)));
  } catch {
    return body.text.trim();
  }
};

/** What two requests have in common that are the same one. */
export const fingerprintOf = ({ method, path, query, body }: CassetteRequest): string =>
  [method, path, query, plainBody(body)].join('\n');
