import { parseArgs } from 'node:util';
import { parseJson } from '../sandbox/record.ts';
import { type Served, serveUntilStopped } from './serve.ts';

/** What the flags of a sandbox's program come to: options of the function that starts the sandbox. */
export type ProgramOptions<Settings, Seed> = {
  port?: number;
  database?: string;
  /** What the sandbox is filled with: the same records for the same seed. */
  seed?: Seed;
  settings: Settings;
};

/** A sandbox's program: its name, and how it starts. */
export type SandboxProgram<Settings, Seed> = {
  /** Name of the command, for messages. */
  name: string;
  /** Takes the settings of `--settings`. Throws a TypeError with one sentence. */
  parseSettings(value: unknown): Settings;
  /** Takes the number or object of `--seed`. Throws a TypeError with one sentence. */
  parseSeed(value: unknown): Seed;
  /** Settings that take this access token alone: `--token`. Never throws. */
  withToken(settings: Settings, token: string): Settings;
  /** Names of further flags without a value. */
  switches?: readonly string[];
  /** Starts it; `given` are the further flags that were given. Rejects when it cannot. */
  start(options: ProgramOptions<Settings, Seed>, given: ReadonlySet<string>): Promise<Served>;
};

const valued = ['port', 'database', 'seed', 'token', 'settings'] as const;

function whole(flag: string, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new TypeError(`--${flag} must be a whole number.`);
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

function readFlags({ switches = [] }: { switches?: readonly string[] | undefined }): Values {
  const withValue = valued.map((name) => [name, { type: 'string' }] as const);
  const without = switches.map((name) => [name, { type: 'boolean' }] as const);
  return parseArgs({ args: process.argv.slice(2), options: Object.fromEntries([...withValue, ...without]) }).values;
}

function optionsFrom<Settings, Seed>(
  values: Values,
  program: SandboxProgram<Settings, Seed>,
): ProgramOptions<Settings, Seed> {
  const text = (name: (typeof valued)[number]): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const [port, database, seed, token, settings] = valued.map(text);
  const parsed = program.parseSettings(settings === undefined ? {} : parseJson(settings));
  return {
    ...(port === undefined ? {} : { port: whole('port', port) }),
    ...(database === undefined ? {} : { database }),
    ...(seed === undefined ? {} : { seed: program.parseSeed(parseJson(seed)) }),
    settings: token === undefined ? parsed : program.withToken(parsed, token),
  };
}

/**
 * Runs a sandbox as a program: reads its flags, starts it, serves until it is stopped. Never throws: wrong flags end in
 * exit code 2, a sandbox that cannot start in 1, each with one sentence on standard error.
 */
export function runSandboxProgram<Settings, Seed>(program: SandboxProgram<Settings, Seed>): void {
  const { name, switches = [] } = program;
  const fail = (error: unknown, code: number): void => {
    const message = error instanceof Error ? error.message : String(error);
    const sentence = (message.split(/\.\s/)[0] ?? message).replace(/\.$/, '');
    const flags = [...valued, ...switches].map((flag) => `--${flag}`).join(' ');
    process.stderr.write(`${name}: ${sentence}. Flags: ${flags}.\n`);
    process.exitCode = code;
    process.disconnect?.();
  };
  let started: Promise<Served>;
  try {
    const values = readFlags({ switches });
    const given = new Set(switches.filter((flag) => values[flag] === true));
    started = program.start(optionsFrom(values, program), given);
  } catch (error) {
    fail(error, 2);
    return;
  }
  started.then(
    (sandbox) => serveUntilStopped(sandbox),
    (error: unknown) => fail(error, 1),
  );
}
