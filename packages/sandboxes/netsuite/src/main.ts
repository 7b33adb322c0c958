#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { parseJson, serveUntilStopped } from '@mortise/testing';
import { parseSeed } from './seed/seed-options.ts';
import { parseSettings } from './settings.ts';
import { type NetSuiteSandboxOptions, startNetSuiteSandbox } from './start.ts';

const flags = {
  port: { type: 'string' },
  database: { type: 'string' },
  seed: { type: 'string' },
  token: { type: 'string' },
  settings: { type: 'string' },
} as const;

/** Reads a whole number. Throws a sentence that names the flag. */
function whole(flag: string, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new TypeError(`--${flag} must be a whole number.`);
}

function optionsFrom(args: string[]): NetSuiteSandboxOptions {
  const { port, database, seed, token, settings } = parseArgs({ args, options: flags }).values;
  return {
    ...(port === undefined ? {} : { port: whole('port', port) }),
    ...(database === undefined ? {} : { database }),
    ...(seed === undefined ? {} : { seed: parseSeed(parseJson(seed)) }),
    settings: {
      ...(settings === undefined ? {} : parseSettings(parseJson(settings))),
      ...(token === undefined ? {} : { accessTokens: [token] }),
    },
  };
}

function fail(error: unknown, code: number): void {
  const message = error instanceof Error ? error.message : String(error);
  const sentence = message.split(/\.\s/)[0] ?? message;
  process.stderr.write(
    `mortise-sandbox-netsuite: ${sentence.replace(/\.$/, '')}. Flags: --port --database --seed --token --settings.\n`,
  );
  process.exitCode = code;
  process.disconnect?.();
}

function parsed(): NetSuiteSandboxOptions | undefined {
  try {
    return optionsFrom(process.argv.slice(2));
  } catch (error) {
    fail(error, 2);
    return undefined;
  }
}

const options = parsed();
if (options !== undefined) {
  startNetSuiteSandbox(options).then(
    (sandbox) => serveUntilStopped(sandbox),
    (error: unknown) => fail(error, 1),
  );
}
