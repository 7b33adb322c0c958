import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A source file; its path is relative to the top folder, with forward slashes. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** What the checks read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** One workspace package: its folder, relative to the top folder, and its manifest. */
export interface WorkspacePackage {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** All that the checks look at. Tests of the checks make one in memory. */
export interface House {
  readonly packages: readonly WorkspacePackage[];
  /** Every `src` file of every package, tests and generated files excluded. */
  readonly sources: readonly SourceText[];
  /** The third-party servers of `servers/`, which no published package may need. */
  readonly servers: readonly WorkspacePackage[];
}

/** The checkout's top folder. */
export const root = join(import.meta.dirname, '..');

const subfolders = (folder: string): string[] => {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map((entry) => `${folder}/${entry.name}`);
};

/** The folders of the connectors, relative to the top folder. */
export const connectorFolders = (): string[] => subfolders('packages/connectors');

const readPackage = (folder: string): WorkspacePackage[] => {
  const file = join(root, folder, 'package.json');
  return existsSync(file) ? [{ folder, manifest: JSON.parse(readFileSync(file, 'utf8')) }] : [];
};

const isSource = (path: string) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.includes('/generated/');

const readTexts = (folder: string, wanted: (path: string) => boolean): SourceText[] => {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !path.includes('node_modules/') && wanted(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
};

/** Reads the checkout. */
export const readHouse = (): House => {
  const folders = ['packages', 'packages/connectors', 'packages/sandboxes', 'apps'].flatMap(subfolders);
  const packages = folders.flatMap(readPackage);
  return {
    packages,
    sources: packages.flatMap(({ folder }) => readTexts(`${folder}/src`, isSource)),
    servers: subfolders('servers').flatMap(readPackage),
  };
};

/** The package that a file belongs to. */
export const ownerOf = (house: House, path: string): WorkspacePackage | undefined =>
  house.packages.find(({ folder }) => path.startsWith(`${folder}/`));
