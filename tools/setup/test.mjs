// What `npm test` runs under Node 24: the checks of the repository and all tests; arguments (`npm test -- packages/x`)
// go to vitest, which then runs alone. The last line is `N passed, N failed`.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caseReport } from './cases.mjs';
import { checksAfterTests, checksBeforeTests } from './checks.mjs';
import { childEnvironment } from './environment.mjs';
import { runInTerminal, statusOf } from './process.mjs';
import { node24, readJson, root } from './workspace.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

/** @param {import('./checks.mjs').Check} check @returns {Promise<Tally>} */
const runCheck = async (check) => {
  const started = performance.now();
  const { ok, output } = await check.run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${ok ? 'ok    ' : 'FAILED'} ${check.name} (${seconds} s)`);
  if (!ok) say(output.trimEnd());
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
};

/** Two at a time: most of them wait for an npm of their own. @param {import('./checks.mjs').Check[]} checks */
const runChecks = async (checks) => {
  const queue = [...checks];
  /** @type {Tally[]} */
  const tallies = [];
  const work = async () => {
    for (let check = queue.shift(); check; check = queue.shift()) tallies.push(await runCheck(check));
  };
  await Promise.all([work(), work()]);
  return tallies;
};

/**
 * Counts what vitest wrote down. A file that could not be loaded has no tests and counts as one failed.
 * @param {string} report @param {number} code vitest's exit code @returns {Tally}
 */
const tallyOf = (report, code) => {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = readJson(report);
  const unloaded = testResults.filter(
    (/** @type {{ status: string, assertionResults: { status: string }[] }} */ file) =>
      file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
  ).length;
  const failed = numFailedTests + unloaded;
  // unhandled errors fail a run in which every test passed
  const isUnexplained = code !== 0 && failed === 0;
  return { passed: numPassedTests, failed: isUnexplained ? 1 : failed, skipped: numPendingTests + numTodoTests };
};

/**
 * The hostile cases, each on a line; one that no test proves counts as failed.
 * @param {string} report @returns {Tally}
 */
const tallyOfCases = (report) => {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const { testResults } = readJson(report);
  const { lines, missing } = caseReport(
    testResults.flatMap(
      (/** @type {{ assertionResults: import('./cases.mjs').Assertion[] }} */ file) => file.assertionResults,
    ),
  );
  say(`hostile cases, by number:\n${lines.join('\n')}`);
  return { passed: 0, failed: missing.length, skipped: 0 };
};

/** @param {string[]} args @returns {Promise<Tally[]>} */
const runVitest = async (args) => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-test-'));
  const report = join(folder, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  try {
    const { code, signal } = await runInTerminal(node24, {
      args: [program, 'run', ...reporters, ...args],
      env: childEnvironment(),
    });
    if (signal) process.exit(statusOf(signal));
    const isWhole = args.length === 0;
    return isWhole ? [tallyOf(report, code), tallyOfCases(report)] : [tallyOf(report, code)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** @param {Tally[]} tallies @param {keyof Tally} kind */
const sum = (tallies, kind) => tallies.reduce((total, tally) => total + tally[kind], 0);

const main = async () => {
  const filters = process.argv.slice(2);
  const tallies =
    filters.length > 0
      ? await runVitest(filters)
      : [...(await runChecks(checksBeforeTests)), ...(await runVitest([])), ...(await runChecks(checksAfterTests()))];
  const skipped = sum(tallies, 'skipped');
  const failed = sum(tallies, 'failed');
  say(`${sum(tallies, 'passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = failed > 0 ? 1 : 0;
};

await main();
