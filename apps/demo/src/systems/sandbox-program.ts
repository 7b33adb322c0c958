import { fileURLToPath } from 'node:url';

/** The program of a sandbox package, which is started as a process of its own. `entry` is what the package resolves to. */
export const sandboxProgram = (entry: string): string => fileURLToPath(new URL('main.js', entry));
