import { posix } from 'node:path';
import type { SourceText } from '../house.ts';

/** One code block of a page. */
export interface Example {
  /** The page, relative to the top folder. */
  readonly page: string;
  /** The line of the block's first line of code, counted from 1. */
  readonly line: number;
  readonly code: string;
  /** The file that the block is, where the fence names one: ` ```ts shop.ts `. */
  readonly file: string | undefined;
}

/** The blocks of a page, and the fences that are refused. */
export interface PageExamples {
  readonly examples: readonly Example[];
  readonly refused: readonly string[];
}

const fence = /^(\s*)(`{3,}|~{3,})\s*(\S*)\s*(.*)$/;
const languages = ['ts', 'typescript', 'mts'];

const refusal = (info: string): string | undefined => {
  if (info === '' || /^[\w.-]+\.m?ts$/.test(info)) return undefined;
  return `"${info}" behind the language: every block is compiled, and only a file name may stand there`;
};

/** Reads the TypeScript blocks of a Markdown page. */
export const examplesOf = ({ path, text }: SourceText): PageExamples => {
  const examples: Example[] = [];
  const refused: string[] = [];
  let open: { mark: string; language: string; info: string; indent: number; line: number; code: string[] } | undefined;
  for (const [index, row] of text.split('\n').entries()) {
    const [, indent = '', mark = '', language = '', info = ''] = fence.exec(row) ?? [];
    if (!open) {
      if (mark) open = { mark, language, info: info.trim(), indent: indent.length, line: index + 2, code: [] };
    } else if (mark.startsWith(open.mark) && language === '') {
      if (languages.includes(open.language)) {
        const reason = refusal(open.info);
        if (reason) refused.push(`${path}:${open.line - 1}: ${reason}`);
        examples.push({ page: path, line: open.line, code: open.code.join('\n'), file: open.info || undefined });
      }
      open = undefined;
    } else {
      open.code.push(row.slice(Math.min(open.indent, row.length - row.trimStart().length)));
    }
  }
  if (open) refused.push(`${path}:${open.line - 1}: the block is never closed`);
  return { examples, refused };
};

/** The folder, relative to the top folder, in which a page's examples are compiled as if they lay there. */
const exampleFolder = (page: string): string => posix.join('.examples', page.replaceAll('/', '+'));

/** The file as which an example is compiled: its own name, or one made from its line. */
export const exampleFile = ({ page, file, line }: Example): string =>
  posix.join(exampleFolder(page), file ?? `line-${line}.ts`);
