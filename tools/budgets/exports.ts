import ts from 'typescript';
import type { SourceText } from '../house.ts';
import { parse, placeOf } from '../syntax.ts';

/** One exported declaration. */
export interface ExportedDeclaration {
  readonly place: string;
  readonly documented: boolean;
}

const declaredNames = (statement: ts.Statement): string[] => {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const isDeclaration =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isDeclaration && statement.name ? [statement.name.text] : [];
};

/** Names in `export { a, b as c }`; a re-export from elsewhere is counted where it is declared. */
const listedNames = (statement: ts.Statement): string[] => {
  if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier) return [];
  if (!statement.exportClause || !ts.isNamedExports(statement.exportClause)) return [];
  return statement.exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
};

const hasExportKeyword = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** The exported declarations of a file. Overloads count once: one docstring stands for all of them. */
export const exportsOf = (source: SourceText): ExportedDeclaration[] => {
  const { statements } = parse(source);
  const listed = new Set(statements.flatMap(listedNames));
  const found = new Map<string, ExportedDeclaration>();
  for (const statement of statements) {
    for (const name of declaredNames(statement)) {
      if (!hasExportKeyword(statement) && !listed.has(name)) continue;
      const documented = ts.getJSDocCommentsAndTags(statement).length > 0 || found.get(name)?.documented === true;
      found.set(name, { place: `${placeOf(statement)} ${name}`, documented });
    }
  }
  return [...found.values()];
};
