import type { House, Manifest, WorkspacePackage } from '../house.ts';

/** A package of an example, named as its folder's last part says. */
export const examplePackage = (folder: string, manifest: Partial<Manifest> = {}): WorkspacePackage => ({
  folder,
  manifest: { name: `@mortise/${folder.split('/').at(-1)}`, ...manifest },
});

/** A house in memory for the self-tests: files by path, and every package that the arrows know. */
export const exampleHouse = (
  files: Readonly<Record<string, string>>,
  packages: readonly WorkspacePackage[] = [],
): House => {
  const folders = [
    'runtime',
    'models',
    'store',
    'sync',
    'testing',
    'connectors/acme',
    'connectors/zenith',
    'sandboxes/acme-box',
  ];
  const known = folders
    .map((folder) => examplePackage(`packages/${folder}`))
    .filter(({ folder }) => !packages.some((each) => each.folder === folder));
  return {
    packages: [...packages, ...known],
    sources: Object.entries(files).map(([path, text]) => ({ path, text })),
    servers: [examplePackage('servers/shop', { name: 'shop-server', dependencies: { '@shop/core': '1.0.0' } })],
  };
};
