import ts from 'typescript';
import type { House, SourceText, WorkspacePackage } from '../house.ts';
import { nodesOf, parse, placeOf } from '../syntax.ts';

const inPackages = ({ path }: SourceText): boolean => path.startsWith('packages/');

/** The places in the files at which a node is found that `reasonFor` explains. */
const findings = (sources: readonly SourceText[], reasonFor: (node: ts.Node) => string | undefined): string[] =>
  sources.flatMap((source) =>
    [...nodesOf(parse(source))].flatMap((node) => {
      const reason = reasonFor(node);
      return reason === undefined ? [] : [`${placeOf(node)}: ${reason}`];
    }),
  );

/** Whether the node declares or names a default export. */
export const isDefaultExport = (node: ts.Node): boolean => {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === 'default';
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
  );
};

/** Default exports anywhere but in a connector's index. */
export const defaultExports = (house: House): string[] =>
  findings(
    house.sources.filter(({ path }) => !/^packages\/connectors\/[^/]+\/src\/index\.ts$/.test(path)),
    (node) =>
      isDefaultExport(node) ? 'default exports are only for src/index.ts of a connector: export by name' : undefined,
  );

/** `instanceof ConnectorError`: two copies of the runtime in one tree would not know each other's errors. */
export const instanceChecks = (house: House): string[] =>
  findings(house.sources, (node) => {
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.InstanceOfKeyword) return undefined;
    const isOurs = /(^|\.)ConnectorError$/.test(node.right.getText());
    return isOurs
      ? 'instanceof ConnectorError: use isConnectorError, which also knows errors of another copy'
      : undefined;
  });

/** The one file of the packages that reads environment variables; programs (`bin`) may as well. */
const environmentFiles = ['packages/runtime/src/contract/environment.ts'];

const binSources = ({ folder, manifest }: WorkspacePackage): string[] => {
  const files = typeof manifest.bin === 'string' ? [manifest.bin] : Object.values(manifest.bin ?? {});
  return files.map(
    (file) =>
      `${folder}/${file
        .replace(/^\.\//, '')
        .replace(/^dist\//, 'src/')
        .replace(/\.js$/, '.ts')}`,
  );
};

const isProcess = (node: ts.Node | undefined): boolean =>
  node !== undefined && /^(globalThis\.)?process$/.test(node.getText());

const readsEnvironment = (node: ts.Node): boolean => {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'env' && isProcess(node.expression);
  if (ts.isElementAccessExpression(node)) {
    return (
      isProcess(node.expression) &&
      ts.isStringLiteralLike(node.argumentExpression) &&
      node.argumentExpression.text === 'env'
    );
  }
  if (ts.isImportSpecifier(node)) {
    const from = node.parent.parent.parent.moduleSpecifier.getText().slice(1, -1);
    return /^(node:)?process$/.test(from) && (node.propertyName ?? node.name).text === 'env';
  }
  if (!ts.isBindingElement(node)) return false;
  const isEnv = (node.propertyName ?? node.name).getText() === 'env';
  return isEnv && ts.isVariableDeclaration(node.parent.parent) && isProcess(node.parent.parent.initializer);
};

/** Environment variables read anywhere in the packages but in the runtime's one file and in programs. */
export const environmentReads = (house: House): string[] => {
  const allowed = [...environmentFiles, ...house.packages.flatMap(binSources)];
  return findings(
    house.sources.filter((source) => inPackages(source) && !allowed.includes(source.path)),
    (node) =>
      readsEnvironment(node) ? 'reads process.env: take it as a setting, or through env() of the runtime' : undefined,
  );
};

/** The files in which the machine's own time and randomness enter. Everything else has them injected. */
const clockFiles = ['packages/runtime/src/resilience/clock.ts'];

const clockedFolders = /^packages\/(runtime|sync|store|connectors\/[^/]+)\/src\//;
const timers = ['setTimeout', 'setInterval', 'setImmediate'];

const isCallTarget = (node: ts.Identifier): boolean =>
  (ts.isCallExpression(node.parent) && node.parent.expression === node) || ts.isImportSpecifier(node.parent);

const clockUse = (node: ts.Node): string | undefined => {
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText().replace(/^globalThis\./, '');
    if (['Date.now', 'Math.random', 'performance.now', 'AbortSignal.timeout'].includes(text)) return text;
    return timers.includes(node.name.text) && node.expression.getText() === 'globalThis' ? text : undefined;
  }
  if (ts.isNewExpression(node)) {
    return node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0 ? 'new Date()' : undefined;
  }
  return ts.isIdentifier(node) && timers.includes(node.text) && isCallTarget(node) ? node.text : undefined;
};

/** Wall time, timers and random numbers taken from the machine instead of the injected clock. */
export const clockUses = (house: House): string[] =>
  findings(
    house.sources.filter(({ path }) => clockedFolders.test(path) && !clockFiles.includes(path)),
    (node) => {
      const use = clockUse(node);
      return use === undefined ? undefined : `${use}: take time and randomness from the injected Clock and Random`;
    },
  );
