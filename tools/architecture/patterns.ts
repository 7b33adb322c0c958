import ts from 'typescript';
import type { House } from '../house.ts';
import { nodesOf, parse, placeOf } from '../syntax.ts';

/** A group that is open while a pattern is read. */
interface Group {
  /** Whether something inside it repeats without bound. */
  repeats: boolean;
  /** What matches one character, in order: `a`, `\\d`, `[^)]`. */
  readonly atoms: string[];
}

/** One step through a pattern: a bracket, a class, an escape or a character. */
const token = /\(\?<?[:=!]|\(\?<\w+>|\[(?:\\.|[^\]\\])*\]|\\.|[^\\]/y;

/** A repetition without bound, perhaps a lazy one. */
const repetition = /(?:[*+]|\{\d+,\})\??/y;

const matchAt = (form: RegExp, text: string, place: number): string => {
  form.lastIndex = place;
  return form.exec(text)?.[0] ?? '';
};

const takes = (atom: string, char: string): boolean => new RegExp(`^${atom}$`, 's').test(char);

/** Whether each round of a group begins with a character that nothing else in it takes: `(?:-[a-z]+)*`. */
const isSeparated = ({ atoms: [first = '', ...rest] }: Group): boolean => {
  const char = first.replace(/^\\/, '');
  const isLiteral = char.length === 1 && first !== '.' && !/^\\\w/.test(first);
  return isLiteral && rest.every((atom) => !takes(atom, char));
};

/**
 * Whether a repetition stands inside a repetition, as in `(a+)+`: a text that almost fits is then tried in exponentially
 * many ways. Where each round begins with a character of its own, there is only one way.
 */
export const hasNestedRepetition = (pattern: string): boolean => {
  const groups: Group[] = [{ repeats: false, atoms: [] }];
  for (let place = 0; place < pattern.length; ) {
    const text = matchAt(token, pattern, place);
    place += text.length;
    const closed = text === ')' ? groups.pop() : undefined;
    const times = matchAt(repetition, pattern, place).length;
    place += times;
    const inner = closed?.repeats ?? false;
    if (times > 0 && closed && inner && !isSeparated(closed)) return true;
    const outer = groups.at(-1);
    if (text.startsWith('(')) groups.push({ repeats: false, atoms: [] });
    else if (outer) {
      // What repeats follows itself; behind a bar the round begins anew.
      const atoms = closed?.atoms ?? (text === '|' ? ['.'] : /^[\^$?]$/.test(text) ? [] : [text]);
      outer.atoms.push(...atoms, ...(times > 0 ? atoms : []));
      outer.repeats ||= times > 0 || inner;
    }
  }
  return false;
};

/** Regular expressions of the packages in which a repetition stands inside a repetition. */
export const nestedRepetitions = (house: House): string[] =>
  house.sources
    .filter(({ path }) => path.startsWith('packages/'))
    .flatMap((source) =>
      [...nodesOf(parse(source))].flatMap((node) => {
        if (!ts.isRegularExpressionLiteral(node)) return [];
        const pattern = node.text.slice(1, node.text.lastIndexOf('/'));
        return hasNestedRepetition(pattern)
          ? [`${placeOf(node)}: a repetition inside a repetition: text from outside may take it forever`]
          : [];
      }),
    );
