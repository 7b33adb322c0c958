import { isRecord } from './record.ts';

/** Words that a setting may have, by its name; any text unless given. */
export type SettingWords = Readonly<Record<string, readonly string[]>>;

function fits(value: unknown, { example, words }: { example: unknown; words: readonly string[] | undefined }): boolean {
  if (words !== undefined) return words.some((word) => word === value);
  if (example === undefined || Array.isArray(example)) {
    return (
      Array.isArray(value) && value.every((each) => example?.[0] === undefined || typeof each === typeof example[0])
    );
  }
  return typeof value === typeof example && !Array.isArray(value) && value !== null;
}

function checkNames(
  value: Record<string, unknown>,
  known: Record<string, unknown>,
  { words, noun }: { words: SettingWords; noun: string },
) {
  for (const [name, given] of Object.entries(value)) {
    if (!Object.hasOwn(known, name))
      throw new TypeError(`There is no ${noun} "${name}"; use ${Object.keys(known).join(', ')}.`);
    const example = known[name];
    if (!fits(given, { example, words: words[name] }))
      throw new TypeError(`The ${noun} "${name}" has a value of the wrong kind.`);
    if (isRecord(example) && isRecord(given)) checkNames(given, example, { words, noun });
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
    checkNames(value, { ...known }, { words, noun: 'setting' });
    return true;
  };
  return (value) => {
    if (isSettings(value)) return value;
    throw new TypeError('Settings must be a JSON object.');
  };
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;

/**
 * Makes the reader of a seed that comes from outside as JSON: a whole number, or an object with `number` and what `known`
 * has, each with a value of its kind. All numbers are counts.
 * @throws TypeError by the reader: one sentence that names the first part that is unknown or of the wrong kind.
 */
export function seedReader<Seed extends { number: number }>(known: object): (value: unknown) => Seed {
  const isSeed = (value: unknown): value is Seed => {
    if (!isRecord(value) || !isCount(value.number)) return false;
    checkNames(value, { number: 0, ...known }, { words: {}, noun: 'part of a seed' });
    return Object.values(value).every((each) => typeof each !== 'number' || isCount(each));
  };
  return (value) => {
    const seed = typeof value === 'number' ? { number: value } : value;
    if (isSeed(seed)) return seed;
    throw new TypeError(
      'A seed is a whole number, or a JSON object with "number" and counts, which are whole numbers.',
    );
  };
}
