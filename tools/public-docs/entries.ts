import { posix } from 'node:path';
import ts from 'typescript';
import type { House, SourceText, WorkspacePackage } from '../house.ts';
import { parse } from '../syntax.ts';

/** One name that a package gives to its users, with the statement that declares it. */
export interface PublicDeclaration {
  readonly name: string;
  readonly source: SourceText;
  readonly statement: ts.Statement;
}

/** The source files that a manifest's `exports` lead to. */
const entryFiles = ({ folder, manifest }: WorkspacePackage): string[] => {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && value.endsWith('.js')) {
      found.add(posix.join(folder, value.replace('./dist/', 'src/').replace(/\.js$/, '.ts')));
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(manifest.exports);
  return [...found];
};

/** The names that a statement declares, exported or not. */
const declaredNames = (statement: ts.Statement): string[] => {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name ? [statement.name.text] : [];
};

/** Declarations of a name. One docstring stands for all overloads of a function: its first declaration. */
const ownDeclarations = (statements: readonly ts.Statement[], name: string): ts.Statement[] => {
  const own = statements.filter((statement) => declaredNames(statement).includes(name));
  const [first] = own;
  return first && ts.isFunctionDeclaration(first) ? [first] : own;
};

/** Finds where a name is declared, through re-exports and imports of the same package. A type may share a value's name. */
const declarationsOf = (house: House, path: string, { name }: { readonly name: string }): PublicDeclaration[] => {
  const source = house.sources.find((each) => each.path === path);
  if (!source) return [];
  const { statements } = parse(source);
  const own = ownDeclarations([...statements], name);
  if (own.length > 0) return own.map((statement) => ({ name, source, statement }));
  for (const statement of statements) {
    const from = sourceOf(statement, name);
    if (from) {
      return declarationsOf(house, posix.join(posix.dirname(path), from.specifier), { name: from.name });
    }
  }
  return [];
};

/** The relative module and the name there, where a statement imports or re-exports the name. */
const sourceOf = (statement: ts.Statement, name: string): { specifier: string; name: string } | undefined => {
  const isMove = ts.isExportDeclaration(statement) || ts.isImportDeclaration(statement);
  if (!isMove || !statement.moduleSpecifier || !ts.isStringLiteral(statement.moduleSpecifier)) return undefined;
  const specifier = statement.moduleSpecifier.text;
  const names = ts.isExportDeclaration(statement) ? statement.exportClause : statement.importClause?.namedBindings;
  if (!specifier.startsWith('.') || !names || !(ts.isNamedExports(names) || ts.isNamedImports(names))) return undefined;
  const element = names.elements.find((each) => each.name.text === name);
  return element && { specifier, name: (element.propertyName ?? element.name).text };
};

/** Names in `export { a, b as c }` and of exported declarations. */
const exportedNames = (statement: ts.Statement): string[] => {
  if (ts.isExportDeclaration(statement)) {
    const clause = statement.exportClause;
    return clause && ts.isNamedExports(clause) ? clause.elements.map(({ name }) => name.text) : [];
  }
  const isExported =
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  return isExported ? declaredNames(statement) : [];
};

/** Everything that users of the published packages can import, each declaration once. */
export const publicDeclarations = (house: House): PublicDeclaration[] => {
  const found = new Map<ts.Statement, PublicDeclaration>();
  const published = house.packages.filter(({ manifest }) => manifest.private !== true);
  for (const path of published.flatMap(entryFiles)) {
    const entry = house.sources.find((source) => source.path === path);
    const names = entry === undefined ? [] : parse(entry).statements.flatMap(exportedNames);
    for (const name of names) {
      for (const declaration of declarationsOf(house, path, { name })) {
        if (!found.has(declaration.statement)) found.set(declaration.statement, declaration);
      }
    }
  }
  return [...found.values()];
};
