import type { House, Manifest, WorkspacePackage } from '../house.ts';

const allDependencies = (manifest: Manifest): Record<string, string> => ({
  ...manifest.dependencies,
  ...manifest.peerDependencies,
  ...manifest.optionalDependencies,
  ...manifest.devDependencies,
});

const cycleFrom = (house: House, trail: readonly WorkspacePackage[]): string[] | undefined => {
  const [first, last] = [trail[0], trail.at(-1)];
  if (!first || !last) return undefined;
  for (const name of Object.keys(allDependencies(last.manifest))) {
    const next = house.packages.find(({ manifest }) => manifest.name === name);
    if (!next) continue;
    if (next === first) return [...trail, first].map(({ manifest }) => manifest.name);
    if (trail.includes(next)) continue;
    const found = cycleFrom(house, [...trail, next]);
    if (found) return found;
  }
  return undefined;
};

/** Circles among the packages, devDependencies included: turbo refuses to build them. Each is told once. */
export const dependencyCycles = (house: House): string[] => {
  const cycles = house.packages.flatMap((start) => {
    const names = cycleFrom(house, [start]);
    return names ? [{ start, names, key: [...new Set(names)].sort().join() }] : [];
  });
  return cycles
    .filter(({ key }, index) => cycles.findIndex((other) => other.key === key) === index)
    .map(
      ({ start, names }) =>
        `${start.folder}/package.json: ${names.join(' -> ')} is a circle: move the test that needs it to packages/acceptance`,
    );
};

const serverReason = (house: House, name: string, range: string): string | undefined => {
  const server = house.servers.find(({ manifest }) => manifest.name === name);
  if (server || range.includes('servers/')) return `"${name}" is a test server of ${server?.folder ?? 'servers/'}`;
  const user = house.servers.find(({ manifest }) => manifest.dependencies?.[name] !== undefined);
  return user && `"${name}" belongs to the test server ${user.folder}`;
};

/** Published packages that need a third-party test server, or a library of one: those have licences of their own. */
export const serverDependencies = (house: House): string[] =>
  house.packages
    .filter(({ manifest }) => manifest.private !== true)
    .flatMap(({ folder, manifest }) =>
      Object.entries(allDependencies(manifest)).flatMap(([name, range]) => {
        const reason = serverReason(house, name, range);
        return reason ? [`${folder}/package.json: ${reason}, which no published package may need`] : [];
      }),
    );
