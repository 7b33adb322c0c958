import { fileURLToPath } from 'node:url';

/** The program of a sandbox package, which is started as a process of its own. */
export const sandboxProgram = (name: string): string => fileURLToPath(new URL('main.js', import.meta.resolve(name)));
