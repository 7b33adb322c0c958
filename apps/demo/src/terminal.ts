import { createInterface } from 'node:readline/promises';
import { stripVTControlCharacters, styleText } from 'node:util';

/** Where everything for people goes. */
export interface Terminal {
  /** Writes lines that stay. */
  readonly say: (text: string) => void;
  /** Shows a line that the next one replaces. Does nothing where lines cannot be replaced. */
  readonly show: (text: string) => void;
  /** Whether lines can be replaced. */
  readonly inPlace: boolean;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  /** Asks on the terminal. Empty when the signal comes first. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string>;
}

const defaultColumns = 80;

/** Writes to one of the process's own streams; colours and replaced lines only on a terminal without NO_COLOR. */
export const openTerminal = (stream: NodeJS.WriteStream): Terminal => {
  const inPlace = stream.isTTY === true && (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';
  const style = (name: 'bold' | 'dim' | 'red') => (text: string) =>
    inPlace ? styleText(name, text, { validateStream: false }) : text;
  let isShowing = false;
  const clear = () => (isShowing ? '\r\u001B[2K' : '');
  return {
    inPlace,
    say: (text) => {
      stream.write(`${clear()}${text}\n`);
      isShowing = false;
    },
    show: (text) => {
      if (!inPlace) return;
      stream.write(`${clear()}${fitting(text, stream.columns ?? defaultColumns)}`);
      isShowing = true;
    },
    bold: style('bold'),
    dim: style('dim'),
    red: style('red'),
    ask: async (question, signal) => {
      const lines = createInterface({ input: process.stdin, output: stream });
      try {
        return await lines.question(question, { signal });
      } catch {
        return '';
      } finally {
        lines.close();
      }
    },
  };
};

/** A line that wraps cannot be replaced. */
const fitting = (text: string, columns: number): string =>
  stripVTControlCharacters(text).length < columns ? text : stripVTControlCharacters(text).slice(0, columns - 1);
