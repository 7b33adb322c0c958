/** Reads a path of a record. */
export type Read = (record: Readonly<Record<string, unknown>>) => unknown;

/** Writes a path of a record. */
export type Write = (record: Record<string, unknown>, value: unknown) => void;

/** Whether code may be made of text here: `--disallow-code-generation-from-strings` and some hosts forbid it. */
const mayGenerate = ((): boolean => {
  try {
    return new Function('return true')() === true;
  } catch {
    return false;
  }
})();

// The engine remembers where a key lies for each piece of code, and code that reads any key remembers none. So each path
// has code of its own. Keys stand in it as texts of JSON, which are texts of JavaScript too.

const literals = (keys: readonly string[]): readonly string[] => keys.map((key) => JSON.stringify(key));

/** Code that reads a path; undefined where none may be made. A parent that is null, missing or no record reads as missing. */
export const generatedReader = (keys: readonly string[]): Read | undefined => {
  if (!mayGenerate) return undefined;
  const steps = literals(keys).map(
    (key) => `if (typeof at !== 'object' || at === null) return undefined; at = at[${key}];`,
  );
  return new Function('at', `${steps.join(' ')} return at;`) as Read; // what the code above is
};

/** Code that writes a path and makes the parents that are not there yet; undefined where none may be made. */
export const generatedWriter = (keys: readonly string[]): Write | undefined => {
  if (!mayGenerate) return undefined;
  const parents = literals(keys.slice(0, -1)).map(
    (key) =>
      `{ let inner = at[${key}]; if (typeof inner !== 'object' || inner === null) at[${key}] = inner = {}; at = inner; }`,
  );
  const last = JSON.stringify(keys.at(-1) ?? '');
  return new Function('at', 'value', `${parents.join(' ')} at[${last}] = value;`) as Write; // likewise
};
