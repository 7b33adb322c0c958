import { revealSecret, type Secret } from '../contract/secret.ts';

const shown = '[secret]';

/** Secrets shorter than this would blank out ordinary words. */
const shortestRedacted = 6;

const forms = (value: string): string[] => [value, encodeURIComponent(value), Buffer.from(value).toString('base64')];

/**
 * Makes a function that replaces the given secrets in a text, also where they stand URL-encoded or as base64.
 * The second line of defence: messages are made of names and numbers in the first place.
 */
export const redactor = (secrets: readonly Secret[]): ((text: string) => string) => {
  const needles = secrets
    .map(revealSecret)
    .filter((value) => value.length >= shortestRedacted)
    .flatMap(forms);
  if (needles.length === 0) return (text) => text;
  return (text) => needles.reduce((clean, needle) => clean.replaceAll(needle, shown), text);
};
