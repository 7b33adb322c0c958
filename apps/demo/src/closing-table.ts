import type { StoredDeadLetter } from '@mortise/store';
import type { Convergence, RunResult } from '@mortise/sync';
import { counted, thousands } from './numbers.ts';

const columns = [
  { head: 'sync', width: -14, cell: ({ sync }: RunResult) => sync },
  { head: 'read', width: 7, cell: ({ read }: RunResult) => thousands(read) },
  { head: 'created', width: 9, cell: ({ created }: RunResult) => thousands(created) },
  { head: 'updated', width: 9, cell: ({ updated }: RunResult) => thousands(updated) },
  { head: 'unchanged', width: 10, cell: ({ unchanged }: RunResult) => thousands(unchanged) },
  { head: 'parked', width: 7, cell: ({ parked }: RunResult) => thousands(parked) },
  { head: 'dead letters', width: 13, cell: ({ deadLetters }: RunResult) => thousands(deadLetters) },
  { head: 'seconds', width: 9, cell: ({ seconds }: RunResult) => seconds.toFixed(1) },
];

const padded = (text: string, width: number) => (width < 0 ? text.padEnd(-width) : text.padStart(width));

/** What each sync came to: a head and one line each, 78 columns wide. */
export const closingTable = (
  results: readonly RunResult[],
): { readonly head: string; readonly lines: readonly string[] } => ({
  head: columns.map(({ head, width }) => padded(head, width)).join(''),
  lines: results.map((result) => columns.map(({ cell, width }) => padded(cell(result), width)).join('')),
});

/** How many dead letters are told one by one. */
export const shownDeadLetters = 10;

/** Which records could not be carried, and why. Keys, paths and reasons; no values. */
export const deadLetterLines = (letters: readonly StoredDeadLetter[], total: number): readonly string[] => {
  if (total === 0) return [];
  const lines = letters.map(({ sync, sourceKey, issues, code }) => {
    const reasons = issues.map(({ path, reason }) => (path === '' ? reason : `${path}: ${reason}`));
    return `  ${sync} ${sourceKey}: ${reasons.length === 0 ? code : reasons.join('; ')}`;
  });
  const more = total > letters.length ? [`  and ${counted(total - letters.length, 'more')}`.replace(/s$/, '')] : [];
  const head = `${counted(total, 'record')} could not be carried; what is mended in the shop follows by itself:`;
  return [head, ...lines, ...more];
};

/** The one line of `--json`. */
export const jsonLine = ({ results, converged }: Convergence): string => {
  const syncs = results.map(({ sync: name, read, created, updated, unchanged, deadLetters, seconds }) => ({
    name,
    read,
    created,
    updated,
    unchanged,
    deadLetters,
    seconds: Math.round(seconds * 1_000) / 1_000,
  }));
  return JSON.stringify({ syncs, converged });
};
