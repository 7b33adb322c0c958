import ts from 'typescript';
import { nodesOf, placeOf } from '../syntax.ts';
import type { PublicDeclaration } from './entries.ts';

/** The docstring directly above a node, tags included. */
const docOf = (node: ts.Node): string => {
  const text = node.getSourceFile().text;
  const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  return ranges
    .map(({ pos, end }) => text.slice(pos, end))
    .filter((comment) => comment.startsWith('/**'))
    .join('\n')
    .replace(/^\s*\/?\*+\/?|\*\/$/gm, '')
    .trim();
};

const meaningOf = (doc: string): string => doc.split(/^\s*@\w+/m)[0]?.trim() ?? '';

/** Words by which a docstring says in what a number is measured or counted. */
const unitWords =
  /\b(?:milliseconds?|ms|seconds?|minutes?|hours?|days?|years?|bytes?|kB|MiB|minor units?|unix|utc|how (?:many|often|far|long)|number of|counts?|counted|most|fewest|least|units?|share|percent|per second|version|status|port|index|position|place|digits?|points?|length|records?|requests?|times?|attempts?|fence|tries|levels?|depth|tokens?|grows|rises|0 to|code|id|deliveries|rows|pages|calls|points?|characters)\b/i;

/** Names that carry their unit, or that mean a count or a number without one. */
const unitNames =
  /(?:Ms|Bytes|bytesPerSecond|Minor|Seconds|Minutes|Days|Percent|At|Status|Port|Index|Count|Version|Max|Limit)$|^(?:ms|bytes|status|port|index|count|attempts?|version|id|max|limit|size|total|line|calls|tries|fence|milliseconds|seconds|minute|at|now|code)$/;

const isNumber = (type: ts.TypeNode | undefined): boolean => {
  if (type === undefined) return false;
  if (type.kind === ts.SyntaxKind.NumberKeyword) return true;
  return ts.isUnionTypeNode(type) && type.types.some(isNumber);
};

/** A setting of a zod schema that is a number. */
const isNumberSchema = (node: ts.PropertyAssignment): boolean =>
  /^z\s*\.\s*(?:int|number|coerce\s*\.\s*number)\(/.test(node.initializer.getText());

const needsUnit = (node: ts.Node): node is ts.PropertySignature | ts.PropertyAssignment =>
  (ts.isPropertySignature(node) && isNumber(node.type)) || (ts.isPropertyAssignment(node) && isNumberSchema(node));

/** What is said of a number: in its docstring, or in the description that its schema carries. */
const wordsOf = (node: ts.PropertySignature | ts.PropertyAssignment): string =>
  ts.isPropertyAssignment(node) ? `${docOf(node)} ${node.initializer.getText()}` : docOf(node);

/** A docstring of the whole may say that all numbers in it are counts. */
const countsOnly = /\b(?:counts?|how many|numbers? of)\b/i;

const unitFindings = ({ statement }: PublicDeclaration): string[] =>
  [...nodesOf(statement)].filter(needsUnit).flatMap((node) => {
    if (countsOnly.test(docOf(statement))) return [];
    const name = node.name.getText();
    if (unitNames.test(name) || unitWords.test(wordsOf(node))) return [];
    return [`${placeOf(node)}: the number '${name}' has no unit: say in what it is measured or what it counts`];
  });

const promises = /\b(?:Promise|AsyncIterable|AsyncGenerator)</;

/** Words by which a docstring says what is thrown, or that nothing is. */
const errorWords = /@throws|\breject|\bthrow|ConnectorError|`invalid-/i;

const functionOf = (statement: ts.Statement): ts.SignatureDeclaration | undefined => {
  if (ts.isFunctionDeclaration(statement)) return statement;
  if (!ts.isVariableStatement(statement)) return undefined;
  const initializer = statement.declarationList.declarations[0]?.initializer;
  return initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
    ? initializer
    : undefined;
};

/** Whether calling it can end in an error: it throws, or it waits for something. */
const mayFail = (node: ts.SignatureDeclaration): boolean =>
  promises.test(node.type?.getText() ?? '') ||
  [...nodesOf(node)].some((inner) => ts.isThrowStatement(inner) || ts.isAwaitExpression(inner));

const methodFails = (node: ts.Node): node is ts.PropertySignature | ts.MethodSignature => {
  if (ts.isMethodSignature(node)) return promises.test(node.type?.getText() ?? '');
  return (
    ts.isPropertySignature(node) &&
    node.type !== undefined &&
    ts.isFunctionTypeNode(node.type) &&
    promises.test(node.type.type.getText())
  );
};

const errorFindings = ({ name, statement }: PublicDeclaration): string[] => {
  const advice = 'has no word on its errors: add @throws, or say that it never rejects';
  const called = functionOf(statement);
  if (called) {
    return mayFail(called) && !errorWords.test(docOf(statement)) ? [`${placeOf(statement)}: ${name} ${advice}`] : [];
  }
  if (!ts.isInterfaceDeclaration(statement) || errorWords.test(docOf(statement))) return [];
  return statement.members
    .filter(methodFails)
    .filter((member) => !errorWords.test(docOf(member)))
    .map((member) => `${placeOf(member)}: ${name}.${member.name.getText()} ${advice}`);
};

const meaningFindings = ({ name, statement }: PublicDeclaration): string[] => {
  const words = meaningOf(docOf(statement)).split(/\s+/).filter(Boolean).length;
  return words >= 3 ? [] : [`${placeOf(statement)}: ${name} has no meaning: say in a sentence what it is for`];
};

const isVendorPackage = ({ source }: PublicDeclaration): boolean =>
  /^packages\/(?:connectors|sandboxes)\//.test(source.path);

/** A number that stands in a constant, and not in code. */
const holdsNumber = (node: ts.Node): boolean => {
  if (ts.isNumericLiteral(node)) return true;
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isCallExpression(node)) return false;
  return node.getChildren().some(holdsNumber);
};

const sourceFindings = (declaration: PublicDeclaration): string[] => {
  const { name, statement } = declaration;
  if (!isVendorPackage(declaration) || !ts.isVariableStatement(statement) || !holdsNumber(statement)) return [];
  const told = `${docOf(statement)} ${statement.getText()}`;
  if (/https?:\/\/|\bsources?\b|says|documented|experience/i.test(told)) return [];
  return [`${placeOf(statement)}: ${name} is a fact about a vendor without a source: say where it was read`];
};

/** What the docstring of a public declaration fails to say: meaning, units, errors, source. */
export const docFindings = (declaration: PublicDeclaration): string[] => [
  ...meaningFindings(declaration),
  ...unitFindings(declaration),
  ...errorFindings(declaration),
  ...sourceFindings(declaration),
];
