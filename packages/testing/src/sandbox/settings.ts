import { isRecord } from './record.ts';

/** Words that a setting may have, by its name; any text unless given. */
export type SettingWords = Readonly<Record<string, readonly string[]>>;

function fits(value: unknown, { example, words }: { example: unknown; words: readonly string[] | undefined }): boolean {
  if (words !== undefined) return words.some((word) => word === value);
  if (example === undefined || Array.isArray(example)) return Array.isArray(value);
  return typeof value === typeof example && !Array.isArray(value) && value !== null;
}

function checkNames(
  value: Record<string, unknown>,
  known: Record<string, unknown>,
  { words }: { words: SettingWords },
) {
  for (const [name, given] of Object.entries(value)) {
    if (!Object.hasOwn(known, name))
      throw new TypeError(`There is no setting "${name}"; use ${Object.keys(known).join(', ')}.`);
    const example = known[name];
    if (!fits(given, { example, words: words[name] }))
      throw new TypeError(`The setting "${name}" has a value of the wrong kind.`);
    if (isRecord(example) && isRecord(given)) checkNames(given, example, { words });
  }
}

/**
 * Makes the reader of a sandbox's settings that come from outside as JSON. `known` are all settings with a value of
 * their kind; undefined stands for a list that may be absent, an object for a group of settings.
 * @throws TypeError by the reader: one sentence that names the first setting that is unknown or of the wrong kind.
 */
export function settingsReader<Input extends object>(
  known: object,
  words: SettingWords = {},
): (value: unknown) => Input {
  const isSettings = (value: unknown): value is Input => {
    if (!isRecord(value)) return false;
    checkNames(value, { ...known }, { words });
    return true;
  };
  return (value) => {
    if (isSettings(value)) return value;
    throw new TypeError('Settings must be a JSON object.');
  };
}
