// `npm start`, `npm test`, `npm run bench` and `npm run docs`: installs what is missing, builds what is stale, then runs the target
// under the Node 24 that npm brought. Plain JavaScript, because any Node from 20 on must run it with nothing installed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packagesBuilt } from './build.mjs';
import { childEnvironment } from './environment.mjs';
import { dependencies, server } from './install.mjs';
import { withLock } from './lock.mjs';
import { runInTerminal, statusOf } from './process.mjs';
import { doStep, isDone } from './step.mjs';
import { node24, root, SetupError } from './workspace.mjs';

const here = import.meta.dirname ?? join(root, 'tools', 'setup');

/** The demo's default systems are sandboxes: a real server is installed when its flag asks for it. @param {string[]} args */
const demoServers = (args) =>
  ['vendure', 'directus'].filter((name) => args.some((each) => each === name || each.endsWith(`=${name}`)));

/** @type {Record<string, { file: string, servers: (args: string[]) => string[] }>} */
const targets = {
  demo: { file: join(root, 'apps', 'demo', 'src', 'main.ts'), servers: demoServers },
  bench: { file: join(root, 'apps', 'bench', 'src', 'main.ts'), servers: () => [] },
  docs: { file: join(root, 'tools', 'pages', 'write.ts'), servers: () => [] },
  test: { file: join(here, 'test.mjs'), servers: () => ['vendure', 'directus'] },
};

/** stdout belongs to the target. @param {string} line */
const say = (line) => process.stderr.write(`${line}\n`);

/** @param {import('./step.mjs').Step[]} steps */
const setUp = async (steps) => {
  if (steps.every(isDone)) return;
  await withLock(
    async () => {
      for (const step of steps) await doStep(step, say);
    },
    { say },
  );
};

/** @param {string | undefined} name */
const targetOf = (name) => {
  const target = Object.entries(targets).find(([each]) => each === name)?.[1];
  if (target && existsSync(target.file)) return target;
  const problem = target ? `${target.file} does not exist` : `unknown target ${name ?? '(none)'}`;
  throw new SetupError(`tools/setup/run.mjs: ${problem}: use one of ${Object.keys(targets).join(', ')}`);
};

const main = async () => {
  const [name, ...args] = process.argv.slice(2);
  const target = targetOf(name);
  await setUp([dependencies, ...target.servers(args).map(server), packagesBuilt]);
  const preload = pathToFileURL(join(here, 'single-signal.mjs')).href;
  const { code, signal } = await runInTerminal(node24, {
    args: ['--import', preload, target.file, ...args],
    env: childEnvironment(),
  });
  // ends in the same way as the target did, so that a shell and npm see a Ctrl-C as one
  process.exitCode = signal ? statusOf(signal) : code;
  if (signal) process.kill(process.pid, signal);
};

main().catch((error) => {
  say(error instanceof SetupError ? error.message : String(error?.stack ?? error));
  process.exitCode = 1;
});
