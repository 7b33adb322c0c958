import type { Store } from '@mortise/store';
import { planSync, type Sync } from '@mortise/sync';
import type { Lifetime } from './lifetime.ts';
import { counted, thousands } from './numbers.ts';
import type { Terminal } from './terminal.ts';

/** What a real account is asked for. */
export interface Consent {
  readonly store: Store;
  readonly terminal: Terminal;
  readonly lifetime: Lifetime;
  /** Properties that would be created too. */
  readonly missing: readonly string[];
  /** Agreed already. */
  readonly yes: boolean;
  /** Whether later changes would be written too. */
  readonly keepsWatching: boolean;
}

/**
 * Shows what would be written to a real account and asks. Nothing is written before, and without a yes nothing after.
 * @returns whether to go on
 */
export const mayWrite = async (syncs: readonly Sync[], consent: Consent): Promise<boolean> => {
  const { terminal, lifetime, store, missing, yes, keepsWatching } = consent;
  terminal.say('\nplan: what would be written to HubSpot');
  for (const name of missing) terminal.say(`  property ${name}: to create`);
  // What stays on this machine needs no consent.
  for (const sync of syncs.filter(({ to }) => to.id.startsWith('hubspot.'))) {
    const { toWrite, unchanged, parked, deadLetters } = await planSync(sync, { store, signal: lifetime.signal });
    const parts = [
      `${thousands(toWrite)} to write`,
      ...(parked > 0 ? [`${thousands(parked)} once their contact is there`] : []),
      `${thousands(unchanged)} unchanged`,
      ...(deadLetters > 0 ? [`${counted(deadLetters, 'record')} that cannot be carried`] : []),
    ];
    terminal.say(`  ${sync.name.padEnd(14)} ${parts.join(', ')}`);
  }
  if (keepsWatching) terminal.say('  and then each change in the shop, until Ctrl-C');
  if (yes) return true;
  const answer = await terminal.ask('write this to HubSpot? [y/N] ', lifetime.signal);
  if (/^y(?:es)?$/i.test(answer.trim())) return true;
  terminal.say('nothing was written');
  return false;
};
