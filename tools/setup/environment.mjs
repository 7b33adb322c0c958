import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root, SetupError } from './workspace.mjs';

const binFolder = join(root, 'node_modules', '.bin');

// without the folder that npm puts in front for its scripts
const searchPath = () =>
  (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '' && folder !== binFolder);

// `npm start` exports its own options and its package's fields as npm_* variables; an inner npm would obey them
// (--json, -w, --omit, a prefix). What says how to reach the registry is the user's, and stays.
const connection =
  /^npm_config_(registry|proxy|https?_proxy|noproxy|ca|cafile|cert|key|strict_ssl|cache|userconfig|globalconfig|fetch_.*|offline|prefer_offline|@.*|\/\/.*)$/i;

/** The environment of everything that is started here: `node` is Node 24, nothing of the outer npm leaks. */
export const childEnvironment = () => {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || connection.test(name));
  const environment = Object.fromEntries(kept);
  environment.PATH = [binFolder, ...searchPath()].join(delimiter);
  return environment;
};

/** For the set-up's own steps: also without NODE_OPTIONS, which may hold flags that one of the two Nodes refuses. */
export const stepEnvironment = () => {
  const { NODE_OPTIONS: _, ...environment } = childEnvironment();
  return {
    ...environment,
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    DO_NOT_TRACK: '1',
    VENDURE_DISABLE_TELEMETRY: 'true',
  };
};

/** For the install that may replace Node 24 while it works: npm runs under the Node that it came with. */
export const installEnvironment = () => ({ ...stepEnvironment(), PATH: searchPath().join(delimiter) });

/**
 * Where npm is. Not the one of node_modules/.bin.
 * @throws SetupError when there is none.
 */
export const findNpm = () => {
  const folder = searchPath().find((each) => existsSync(join(each, 'npm')));
  if (!folder)
    throw new SetupError('npm is not on the PATH: install Node.js 20 or later, which brings it, and run again');
  return join(folder, 'npm');
};
