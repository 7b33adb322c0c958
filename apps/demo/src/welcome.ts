import type { Terminal } from './terminal.ts';

/** Says where the systems are, and how to look at them. */
export const sayWhereThingsAre = (
  systems: readonly { readonly welcome: readonly string[] }[],
  { say, bold, dim }: Terminal,
): void => {
  for (const { welcome } of systems) {
    const [where = '', ...how] = welcome;
    say(where.replace(/^\S+/, bold));
    for (const line of how) say(dim(line));
  }
};
