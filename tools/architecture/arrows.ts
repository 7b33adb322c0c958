import { posix } from 'node:path';
import { type House, ownerOf, type WorkspacePackage } from '../house.ts';
import { importsOf, packageNameOf } from '../syntax.ts';

/** Where each kind of package may point. `anything` is for what is never published. */
const arrows: Readonly<Record<string, readonly string[] | 'anything'>> = {
  runtime: [],
  models: [],
  store: ['runtime'],
  sync: ['runtime', 'store'],
  testing: ['runtime'],
  dashboard: ['runtime', 'store', 'sync'],
  cli: ['runtime', 'models', 'store', 'sync', 'testing', 'dashboard', 'create-connector'],
  'create-connector': [],
  connector: ['runtime', 'models'],
  sandbox: ['testing'],
  acceptance: 'anything',
  app: 'anything',
};

/** The kind of a package, by its folder. */
const kindOf = (folder: string): string => {
  if (folder.startsWith('packages/connectors/')) return 'connector';
  if (folder.startsWith('packages/sandboxes/')) return 'sandbox';
  if (folder.startsWith('apps/')) return 'app';
  return folder.replace('packages/', '');
};

const isForbidden = (from: WorkspacePackage, to: WorkspacePackage): boolean => {
  const allowed = arrows[kindOf(from.folder)] ?? [];
  return allowed !== 'anything' && !allowed.includes(kindOf(to.folder));
};

const describeArrow = (from: WorkspacePackage, to: WorkspacePackage): string =>
  `the arrow ${kindOf(from.folder)} -> ${kindOf(to.folder)} is forbidden (${from.manifest.name} -> ${to.manifest.name})`;

const packageNamed = (house: House, name: string | undefined): WorkspacePackage | undefined =>
  house.packages.find(({ manifest }) => manifest.name === name);

/** Packages whose folder has no place in the table of arrows. */
export const homelessPackages = (house: House): string[] =>
  house.packages
    .filter(({ folder }) => arrows[kindOf(folder)] === undefined)
    .map(
      ({ folder }) =>
        `${folder}/package.json: "${kindOf(folder)}" has no arrows: add it to tools/architecture/arrows.ts`,
    );

/** Imports of a workspace package that the table does not allow. */
export const forbiddenImports = (house: House): string[] =>
  house.sources.flatMap((source) => {
    const from = ownerOf(house, source.path);
    return importsOf(source).flatMap(({ specifier, place }) => {
      const to = packageNamed(house, packageNameOf(specifier));
      if (!from || !to || from === to || !isForbidden(from, to)) return [];
      return [`${place}: ${describeArrow(from, to)}`];
    });
  });

/** Relative imports that leave their package: such an arrow is in no manifest. */
export const escapingImports = (house: House): string[] =>
  house.sources.flatMap((source) => {
    const folder = ownerOf(house, source.path)?.folder;
    return importsOf(source)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier, place }) => ({ place, target: posix.join(posix.dirname(source.path), specifier) }))
      .filter(({ target }) => !target.startsWith(`${folder}/`))
      .map(
        ({ place, target }) => `${place}: reaches out of its package by path (${target}): import the package by name`,
      );
  });

/** Dependencies and peers that the table does not allow; devDependencies may name any package. */
export const forbiddenDependencies = (house: House): string[] =>
  house.packages.flatMap((from) => {
    const { dependencies, peerDependencies, optionalDependencies } = from.manifest;
    const names = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
    return names.flatMap((name) => {
      const to = packageNamed(house, name);
      return to && isForbidden(from, to) ? [`${from.folder}/package.json: ${describeArrow(from, to)}`] : [];
    });
  });
