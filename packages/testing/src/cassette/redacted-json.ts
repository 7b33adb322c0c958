import { redacted } from './redacted.ts';

const token = /"(?:[^"\\]|\\.)*"|[{}[\],]|[^\s"{}[\],:]+/g;

const nameOf = (quoted: string): string => {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
};

/**
 * Redacts the fields of these names and all that lies below them, and leaves every other character as it was: a parser
 * would round numbers of more than 15 digits.
 */
export const redactedJson = (text: string, isSensitive: (name: string) => boolean): string => {
  const above: boolean[] = [];
  let isHidden = false;
  const shown = (each: string): string => {
    if (!isHidden) return each;
    if (each.startsWith('"')) return `"${redacted}"`;
    return /^[-\d]/.test(each) ? '0' : each;
  };
  return text.replace(token, (each, at: number) => {
    if (each === '{' || each === '[') above.push(isHidden);
    else if (each === '}' || each === ']') isHidden = above.pop() ?? false;
    else if (each === ',') isHidden = above.at(-1) ?? false;
    else if (each.startsWith('"') && /^\s*:/.test(text.slice(at + each.length, at + each.length + 80))) {
      isHidden = above.at(-1) === true || isSensitive(nameOf(each));
    } else return shown(each);
    return each;
  });
};
