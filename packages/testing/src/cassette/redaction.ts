import { isUtf8 } from 'node:buffer';
import { redactor, sealSecret } from '@mortise/runtime';
import type { CassetteBody } from './cassette.ts';
import { redacted } from './redacted.ts';
import { redactedJson } from './redacted-json.ts';
import { type SensitiveNames, sensitiveNamesWith } from './sensitive.ts';

/** What is never written down. */
export interface Secrets {
  /** Values of the connection's credentials, wherever they stand; six characters or more each. */
  readonly secrets?: readonly string[] | undefined;
  /** Further names of fields, headers and parameters to redact. What varies from run to run is named here as well. */
  readonly fields?: readonly string[] | undefined;
}

/** Takes secrets out of the parts of a message. */
export interface Redaction {
  readonly text: (text: string) => string;
  readonly query: (query: URLSearchParams) => string;
  readonly headers: (headers: Readonly<Record<string, string>>) => Record<string, string>;
  readonly body: (bytes: Buffer, contentType: string) => CassetteBody | undefined;
}

const shortestSecret = 6;

/** Makes the redaction of one recording. Throws a TypeError for a secret that is too short to be told from words. */
export const redactionOf = ({ secrets = [], fields = [] }: Secrets): Redaction => {
  if (secrets.some(({ length }) => length < shortestSecret)) {
    throw new TypeError(`a secret to redact has ${shortestSecret} characters or more: name the field that holds it`);
  }
  const names = sensitiveNamesWith(fields);
  const values = redactor(secrets.map(sealSecret));
  const text = (given: string): string => redactedLinks(values(given), names);
  return {
    text,
    query: (query) => redactedParameters(query, { isSensitive: names.field, text }),
    headers: (headers) =>
      Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, names.header(name) ? redacted : text(value)]),
      ),
    body: (bytes, contentType) => {
      if (bytes.length === 0) return undefined;
      // Latin-1 keeps every byte: a secret in something compressed cannot be found, one in plain sight is.
      if (!isUtf8(bytes)) return { base64: Buffer.from(values(bytes.toString('latin1')), 'latin1').toString('base64') };
      return { text: redactedText(bytes.toString('utf8'), { contentType, names, text }) };
    },
  };
};

interface TextParts {
  readonly contentType: string;
  readonly names: SensitiveNames;
  readonly text: (text: string) => string;
}

const redactedText = (given: string, { contentType, names, text }: TextParts): string => {
  if (contentType.includes('x-www-form-urlencoded')) {
    return redactedParameters(new URLSearchParams(given), { isSensitive: names.formField, text });
  }
  if (/[/+]xml\b/i.test(contentType)) return text(redactedXml(given, names));
  // Vendors send JSON under any name, and lines of it.
  return /^\s*[[{]/.test(given) ? text(redactedJson(given, names.field)) : text(given);
};

/** Parameters in the order of their names: their own order means nothing. */
const redactedParameters = (
  parameters: URLSearchParams,
  { isSensitive, text }: { isSensitive: (name: string) => boolean; text: (text: string) => string },
): string => {
  const kept = new URLSearchParams();
  for (const [name, value] of parameters) kept.append(name, isSensitive(name) ? redacted : text(value));
  kept.sort();
  return kept.toString();
};

/** Signed addresses carry their key in the query, also within a text. */
const redactedLinks = (text: string, names: SensitiveNames): string =>
  text.replace(/([?&]|\\u0026|&amp;)([\w.~%-]+)=([^&#\s"'<>\\]+)/g, (whole, mark: string, name: string) =>
    names.field(name) ? `${mark}${name}=${redacted}` : whole,
  );

const redactedXml = (text: string, names: SensitiveNames): string =>
  text
    .replace(/(<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>)([^<]+)(?=<\/)/g, (whole, open: string, name: string) =>
      names.field(name) ? `${open}${redacted}` : whole,
    )
    .replace(/(\s(?:[\w.-]+:)?([\w.-]+)=)(?:"[^"]*"|'[^']*')/g, (whole, start: string, name: string) =>
      names.field(name) ? `${start}"${redacted}"` : whole,
    );
