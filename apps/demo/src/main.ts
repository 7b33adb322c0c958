import { runProgram } from './program.ts';

// Sockets that are kept alive must not keep the program.
process.exit(await runProgram(process.argv.slice(2)));
