import ts from 'typescript';
import type { SourceText } from '../house.ts';
import { nodesOf, parse, placeOf } from '../syntax.ts';

/** One function with a body. */
export interface FunctionSize {
  readonly place: string;
  readonly lines: number;
  /** Declared, a method, or held by a variable or property; not a callback written where it is passed. */
  readonly named: boolean;
}

const linesOf = (node: ts.Node): number => {
  const tree = node.getSourceFile();
  const first = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line;
  return tree.getLineAndCharacterOfPosition(node.getEnd()).line - first + 1;
};

const withBody = (node: ts.Node): node is ts.FunctionLikeDeclaration =>
  ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;

const isCallback = (node: ts.Node): boolean => ts.isCallExpression(node.parent) || ts.isNewExpression(node.parent);

const isNamed = (node: ts.FunctionLikeDeclaration): boolean => {
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return true;
  return ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent);
};

/** The sizes of all functions of a file. */
export const functionsOf = (source: SourceText): FunctionSize[] =>
  [...nodesOf(parse(source))]
    .filter(withBody)
    .map((node) => ({ place: placeOf(node), lines: linesOf(node), named: isNamed(node) }));

// what a third parameter may not be: a value of its own. Anything else named or spelled as an object type is options.
const plainTypes = [
  'Array',
  'ReadonlyArray',
  'Buffer',
  'Uint8Array',
  'Date',
  'Map',
  'ReadonlyMap',
  'Set',
  'ReadonlySet',
  'Promise',
];

const isObjectType = (type: ts.TypeNode): boolean => {
  if (ts.isTypeReferenceNode(type)) return !plainTypes.includes(type.typeName.getText());
  if (ts.isUnionTypeNode(type)) return type.types.some(isObjectType);
  return ts.isTypeLiteralNode(type) || ts.isIntersectionTypeNode(type);
};

/** `(a, b, options)`: an object type, a destructured object, or no type where the signature is written elsewhere. */
const isOptions = ({ name, type, dotDotDotToken }: ts.ParameterDeclaration): boolean => {
  if (dotDotDotToken) return false;
  return ts.isObjectBindingPattern(name) || type === undefined || isObjectType(type);
};

const signatures = (source: SourceText) =>
  [...nodesOf(parse(source))]
    .filter((node) => ts.isFunctionLike(node))
    .filter((node) => !isCallback(node) && !ts.isIndexSignatureDeclaration(node))
    .map((node) => ({ node, parameters: node.parameters.filter(({ name }) => name.getText() !== 'this') }));

/** How many functions and function types take more than two parameters, options included. Callbacks are not counted. */
export const longSignatures = (source: SourceText): number =>
  signatures(source).filter(({ parameters }) => parameters.length > 2).length;

/**
 * Functions, methods and function types that take more than two positional parameters and then one options object.
 * A callback's are its caller's choice.
 */
export const longParameterLists = (source: SourceText): string[] =>
  signatures(source)
    .filter(({ parameters: [, , third, ...more] }) => more.length > 0 || (third !== undefined && !isOptions(third)))
    .map(({ node }) => `${placeOf(node)}: more than 2 positional parameters: take one options object as the last`);
