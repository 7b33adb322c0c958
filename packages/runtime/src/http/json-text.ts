const quote = 34;

/** Deepest nesting that is taken. JSON.parse takes any, but JSON.stringify and other recursions behind it do not. */
export const deepest = 1_000;

const countUpTo = (text: string, { character, most }: { character: string; most: number }): number => {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1 && count <= most; at = text.indexOf(character, at + 1)) count += 1;
  return count;
};

/** Index of the quote that ends the string which starts at `start`. */
const endOfString = (text: string, start: number): number => {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
};

/** Whether a JSON text is nested deeper than {@link deepest}. */
export const isTooDeep = (text: string): boolean => {
  const objects = countUpTo(text, { character: '{', most: deepest });
  const arrays = countUpTo(text, { character: '[', most: deepest });
  if (objects + arrays <= deepest) return false;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) index = endOfString(text, index);
    // `[` and `{`, `]` and `}` differ in one bit.
    else if ((code | 32) === 123) depth += 1;
    else if ((code | 32) === 125) depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
};

/** A key as a program sees it: `\u0061` and `a` are the same one. */
const keyOf = (raw: string): string => (raw.includes('\\') ? String(JSON.parse(`"${raw}"`)) : raw);

/** Whether a colon follows, behind any space. */
const isKeyEnd = (text: string, from: number): boolean => {
  let index = from;
  while (' \t\n\r'.includes(text[index] ?? '.')) index += 1;
  return text[index] === ':';
};

/** Whether some object of a text that is valid JSON has one key twice. */
export const hasDuplicateKeys = (text: string): boolean => {
  // The keys of each object that is open at this place; undefined stands for an array.
  const open: (Set<string> | undefined)[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    if (character !== '"') continue;
    const end = endOfString(text, index);
    const keys = open.at(-1);
    if (keys !== undefined && isKeyEnd(text, end + 1)) {
      const key = keyOf(text.slice(index + 1, end));
      if (keys.has(key)) return true;
      keys.add(key);
    }
    index = end;
  }
  return false;
};
