import ts from 'typescript';
import type { SourceText } from './house.ts';

const parsed = new WeakMap<SourceText, ts.SourceFile>();

/** The file's syntax tree, parsed once. */
export const parse = (source: SourceText): ts.SourceFile => {
  const known = parsed.get(source);
  if (known) return known;
  const tree = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true);
  parsed.set(source, tree);
  return tree;
};

/** Every node of the tree, parents first. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesOf(child);
}

const childrenOf = (node: ts.Node): ts.Node[] => {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  return children;
};

/** The line that a node starts on, counted from 1. */
const lineOf = (node: ts.Node): number => {
  const tree = node.getSourceFile();
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
};

/** `path:line` of a node. */
export const placeOf = (node: ts.Node): string => `${node.getSourceFile().fileName}:${lineOf(node)}`;

/** One module that a file names. */
export interface Import {
  readonly specifier: string;
  /** `import type` and `export type`: gone after compilation. */
  readonly typeOnly: boolean;
  readonly place: string;
}

const isTypeOnly = (node: ts.ImportDeclaration | ts.ExportDeclaration): boolean => {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
};

const moduleNameOf = (node: ts.Node): ts.Node | undefined => {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal;
  const isDynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isDynamic ? node.arguments[0] : undefined;
};

/** Every module that a file names: static, dynamic, re-exported or in a type. */
export const importsOf = (source: SourceText): Import[] =>
  [...nodesOf(parse(source))].flatMap((node) => {
    const name = moduleNameOf(node);
    if (!name || !ts.isStringLiteralLike(name)) return [];
    const isDeclaration = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
    const typeOnly = isDeclaration ? isTypeOnly(node) : ts.isImportTypeNode(node);
    return [{ specifier: name.text, typeOnly, place: placeOf(node) }];
  });

/** The package that a bare specifier names: `@a/b/c` is `@a/b`, `ky/x` is `ky`; nothing for paths and `node:`. */
export const packageNameOf = (specifier: string): string | undefined => {
  if (specifier.startsWith('.') || specifier.startsWith('/') || specifier.startsWith('node:')) return undefined;
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
};
