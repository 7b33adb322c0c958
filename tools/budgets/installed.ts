import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../house.ts';

/** Most packages, and most bytes on disk, that installing one REST connector may bring, its peers included. */
export const installBudget = { packages: 8, bytes: 15_000_000 } as const;

interface InstalledManifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const bytesBelow = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true }).reduce((total, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? total : total + bytesBelow(path);
    return total + statSync(path).size;
  }, 0);

/** A workspace package is published with its `dist` alone; everything else lies in node_modules as it was published. */
const publishedBytes = (folder: string): number =>
  folder.includes('node_modules') ? bytesBelow(folder) : bytesBelow(join(folder, 'dist'));

/** Where Node would find a package, seen from another one. */
const find = (name: string, from: string): string => {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
  }
  throw new Error(`${name} is not installed below ${from}`);
};

const needed = ({ dependencies, peerDependencies, peerDependenciesMeta }: InstalledManifest): string[] => [
  ...Object.keys(dependencies ?? {}),
  ...Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta?.[name]?.optional !== true),
];

/** What `npm install` of a workspace package brings with its dependencies and required peers: bytes by package name. */
export const installedWith = (packageName: string): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  const visit = (folder: string): void => {
    const manifest: InstalledManifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (found.has(manifest.name)) return;
    found.set(manifest.name, publishedBytes(folder));
    for (const name of needed(manifest)) visit(find(name, folder));
  };
  visit(find(packageName, root));
  return found;
};
