import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findNpm, installEnvironment, stepEnvironment } from './environment.mjs';
import { releaseLock } from './lock.mjs';
import { runQuietly } from './process.mjs';
import { contentHash } from './stamp.mjs';
import { node24, root, SetupError, workspacePackages } from './workspace.mjs';

// `install`, because `npm ci` refuses lock files whose packages for other platforms a registry lacks;
// `--no-save` keeps the lock file as it is (npm 10 would drop fields that npm 11 wrote);
// `--include=dev`, because NODE_ENV=production would leave the tools out; engines are meant for Node 24, not npm's own.
const quietInstall = [
  'install',
  '--no-save',
  '--include=dev',
  '--no-engine-strict',
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--loglevel=error',
];

/** @param {{ cwd: string, args: string[], what: string, env: NodeJS.ProcessEnv }} options */
const install = async ({ cwd, args, what, env }) => {
  const { ok, output } = await runQuietly(findNpm(), { args, cwd, env, beforeExit: () => releaseLock() });
  if (ok) return;
  process.stderr.write(output);
  throw new SetupError(`${what} failed: npm's own words are above`);
};

/** The workspaces' dependencies. */
export const dependencies = {
  message: 'installing dependencies, once …',
  stamp: join(root, 'node_modules', '.cache', 'mortise', 'install.stamp'),
  wanted: () =>
    contentHash([
      'package.json',
      'package-lock.json',
      ...workspacePackages().map(({ folder }) => `${folder}/package.json`),
    ]),
  isThere: () => existsSync(node24),
  async make() {
    await install({ cwd: root, args: quietInstall, what: 'installing the dependencies', env: installEnvironment() });
    if (existsSync(node24)) return;
    throw new SetupError(
      'Node 24 is missing after the install, because install scripts are switched off (npm setting ignore-scripts): ' +
        'run `npm rebuild node --ignore-scripts=false` in the top folder, then this again',
    );
  },
};

/**
 * A third-party server of `servers/`, which has its own dependencies and lock file. Nothing there needs a script.
 * @param {string} name
 */
export const server = (name) => {
  const folder = join(root, 'servers', name);
  return {
    message: `installing the ${name} server, once …`,
    stamp: join(folder, 'node_modules', '.cache', 'mortise', 'install.stamp'),
    wanted: () => contentHash([`servers/${name}/package.json`, `servers/${name}/package-lock.json`]),
    isThere: () => existsSync(join(folder, 'node_modules', '.package-lock.json')),
    make: () =>
      install({
        cwd: folder,
        args: [...quietInstall, '--ignore-scripts'],
        what: `installing the ${name} server`,
        env: stepEnvironment(),
      }),
  };
};
