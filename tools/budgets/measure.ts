import ts from 'typescript';
import { isDefaultExport } from '../architecture/language.ts';
import type { House, SourceText } from '../house.ts';
import { nodesOf, parse, placeOf } from '../syntax.ts';
import { type ExportedDeclaration, exportsOf } from './exports.ts';
import { type FunctionSize, functionsOf, longParameterLists, longSignatures } from './functions.ts';

/** What is measured of one package. */
export interface Measures {
  readonly folder: string;
  readonly files: readonly { readonly path: string; readonly lines: number }[];
  readonly functions: readonly FunctionSize[];
  /** Places that break the budget of parameters. */
  readonly longParameterLists: readonly string[];
  /** Functions with three parameters or more, the third an options object or not. */
  readonly longSignatures: number;
  /** Places of the type `any`. */
  readonly anys: readonly string[];
  /** Places of `x as T` and `<T>x`; `as const` is free. */
  readonly casts: readonly string[];
  readonly exported: readonly ExportedDeclaration[];
  readonly defaultExports: readonly string[];
  /** Lines that hold a comment. */
  readonly commentLines: number;
}

const lineCount = (text: string): number => text.replace(/\n$/, '').split('\n').length;

const isCast = (node: ts.Node): boolean => {
  if (!ts.isAssertionExpression(node)) return false;
  return !(ts.isTypeReferenceNode(node.type) && node.type.getText() === 'const');
};

const commentLinesOf = (source: SourceText): number => {
  const tree = parse(source);
  const lines = new Set<number>();
  for (const node of nodesOf(tree)) {
    const before = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
    const after = ts.getTrailingCommentRanges(source.text, node.getEnd()) ?? [];
    for (const { pos, end } of [...before, ...after]) {
      const last = tree.getLineAndCharacterOfPosition(end).line;
      for (let line = tree.getLineAndCharacterOfPosition(pos).line; line <= last; line += 1) lines.add(line);
    }
  }
  return lines.size;
};

const placesOf = (sources: readonly SourceText[], wanted: (node: ts.Node) => boolean): string[] =>
  sources.flatMap((source) => [...nodesOf(parse(source))].filter(wanted).map(placeOf));

/** Measures the source files of one package. */
export const measure = (folder: string, sources: readonly SourceText[]): Measures => ({
  folder,
  files: sources.map(({ path, text }) => ({ path, lines: lineCount(text) })),
  functions: sources.flatMap(functionsOf),
  longParameterLists: sources.flatMap(longParameterLists),
  longSignatures: sources.reduce((total, source) => total + longSignatures(source), 0),
  anys: placesOf(sources, ({ kind }) => kind === ts.SyntaxKind.AnyKeyword),
  casts: placesOf(sources, isCast),
  exported: sources.flatMap(exportsOf),
  defaultExports: placesOf(
    sources.filter(({ path }) => !/^packages\/connectors\/[^/]+\/src\/index\.ts$/.test(path)),
    isDefaultExport,
  ),
  commentLines: sources.reduce((total, source) => total + commentLinesOf(source), 0),
});

/** Measures every package of the house that has source files. */
export const measureHouse = (house: House): Measures[] =>
  house.packages
    .map(({ folder }) => ({ folder, sources: house.sources.filter(({ path }) => path.startsWith(`${folder}/`)) }))
    .filter(({ sources }) => sources.length > 0)
    .map(({ folder, sources }) => measure(folder, sources));
