import { type ConnectorError, describeError, exitStatus, isConnectorError } from '@mortise/runtime';
import { checkUrls } from './connections.ts';
import { runDemo } from './demo.ts';
import { helpText, readFlags } from './flags.ts';
import { startLifetime } from './lifetime.ts';
import { readSettings } from './settings.ts';
import { takeStateFolder } from './state-folder.ts';
import { openTerminal, type Terminal } from './terminal.ts';

const stateFolder = '.mortise';

/** Runs the demo from command line to exit code. Never throws. */
export const runProgram = async (args: readonly string[]): Promise<number> => {
  // Whoever read our output has gone: there is nobody left to tell. A script that waits for the end has not got it.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => process.exit(args.includes('--once') ? 75 : 0));
  try {
    return await runWithFlags(args);
  } catch (thrown) {
    return sayFailure(openTerminal(process.stderr), thrown);
  }
};

const runWithFlags = async (args: readonly string[]): Promise<number> => {
  const flags = readFlags(args);
  const terminal = openTerminal(flags.json ? process.stderr : process.stdout);
  if (flags.help) {
    terminal.say(helpText);
    return 0;
  }
  const settings = readSettings(flags);
  checkUrls(settings);
  const state = takeStateFolder(stateFolder, flags);
  const lifetime = startLifetime();
  try {
    return await runDemo({ flags, settings, state, terminal, lifetime });
  } catch (thrown) {
    lifetime.throwIfFailed(); // what failed first is the reason; what followed from it is not
    if (!lifetime.signal.aborted) throw thrown;
    terminal.say('stopped; run again to go on');
    return flags.once ? 75 : 0;
  } finally {
    state.release();
  }
};

/** Says what ended the demo. No stack: it helps nobody who runs a demo. @returns the exit code */
const sayFailure = (terminal: Terminal, thrown: unknown): number => {
  const isKnown = isConnectorError(thrown);
  const sentence = isKnown ? sentenceOf(thrown) : unexpected(thrown);
  terminal.say(`${terminal.red('error:')} ${sentence}`);
  return isKnown ? exitStatus(thrown) : 1;
};

/** What is said about flags, settings and the demo's own servers names the next step itself. */
const sentenceOf = (error: ConnectorError): string => {
  const isOurs = exitStatus(error) === 2 || (error.code === 'unavailable' && error.connector === undefined);
  if (!isOurs) return describeError(error);
  return error.message.endsWith('?') ? error.message : `${error.message}.`;
};

/** The operating system's own errors name a path and a reason; of others only the kind is told. */
const unexpected = (thrown: unknown): string => {
  const isSystem = thrown instanceof Error && 'syscall' in thrown;
  if (isSystem) return `${thrown.message}.`;
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  return `the demo failed unexpectedly (${kind}): run it again, and report it when that does not help.`;
};
