import { posix } from 'node:path';
import type { House, SourceText } from '../house.ts';
import { importsOf, packageNameOf } from '../syntax.ts';

const runtime = 'packages/runtime/src';

/** The folders of the runtime in which a library may be imported. zod is free everywhere; others need a line here. */
const libraryFolders: Readonly<Record<string, readonly string[]>> = {
  zod: [''],
  ky: ['http/'],
  undici: ['http/'],
  graphql: ['protocols/graphql/'],
  'graphql-ws': ['protocols/graphql/', 'protocols/realtime/'],
  ws: ['protocols/realtime/'],
  saxes: ['protocols/soap/'],
  oauth4webapi: ['auth/'],
  '@opentelemetry/api': ['telemetry/'],
};

/** Libraries that no module reachable from the root entry may import. */
const protocolLibraries = ['ky', 'oauth4webapi', 'undici', 'graphql', 'graphql-ws', 'ws', 'saxes'];

const runtimeSources = (house: House): SourceText[] =>
  house.sources.filter(({ path }) => path.startsWith(`${runtime}/`));

/** Libraries imported outside the folders that own them, and libraries that no folder owns. */
export const misplacedLibraries = (house: House): string[] =>
  runtimeSources(house).flatMap((source) =>
    importsOf(source).flatMap(({ specifier, place }) => {
      const name = packageNameOf(specifier);
      if (name === undefined) return [];
      const folders = libraryFolders[name];
      if (!folders) return [`${place}: ${name} has no folder: give it one in tools/architecture/runtime-libraries.ts`];
      const isHome = folders.some((folder) => source.path.startsWith(`${runtime}/${folder}`));
      return isHome
        ? []
        : [`${place}: ${name} may be imported only under ${folders.map((each) => `src/${each}`).join(' or ')}`];
    }),
  );

/** Packages other than the runtime that import ky: the call road has one HTTP client. */
export const foreignHttpClients = (house: House): string[] =>
  house.sources
    .filter(({ path }) => path.startsWith('packages/') && !path.startsWith(`${runtime}/`))
    .flatMap((source) =>
      importsOf(source)
        .filter(({ specifier }) => packageNameOf(specifier) === 'ky')
        .map(({ place }) => `${place}: ky may be imported only under ${runtime}/http`),
    );

/** Ways from the root entry to a protocol library, types left out: they are gone after compilation. */
export const librariesReachedFromRoot = (house: House): string[] => {
  const sources = new Map(runtimeSources(house).map((source) => [source.path, source]));
  const found: string[] = [];
  const seen = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const source = sources.get(path);
    if (!source || seen.has(path)) return;
    seen.add(path);
    const way = [...trail, path.slice(runtime.length + 1)];
    for (const { specifier, place } of importsOf(source).filter(({ typeOnly }) => !typeOnly)) {
      const name = packageNameOf(specifier);
      if (name !== undefined && protocolLibraries.includes(name)) {
        found.push(`${place}: the root entry reaches ${name}: ${[...way, name].join(' -> ')}`);
      }
      if (specifier.startsWith('.')) walk(posix.join(posix.dirname(path), specifier), way);
    }
  };
  walk(`${runtime}/index.ts`, []);
  return found;
};

const protocolOf = (path: string): string | undefined => /\/src\/protocols\/([^/]+)\//.exec(path)?.[1];

/** Imports from one protocol's folder into another's. */
export const protocolCrossings = (house: House): string[] =>
  runtimeSources(house).flatMap((source) => {
    const from = protocolOf(source.path);
    if (from === undefined) return [];
    return importsOf(source).flatMap(({ specifier, place }) => {
      const to = protocolOf(posix.join(posix.dirname(source.path), specifier));
      if (!specifier.startsWith('.') || to === undefined || to === from) return [];
      return [`${place}: the arrow ${from} -> ${to} is forbidden: one protocol never imports another`];
    });
  });
