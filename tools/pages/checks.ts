import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../house.ts';

interface ListedCheck {
  readonly id: string;
  readonly holds: string;
  readonly from: string;
  readonly needs: readonly string[];
}

const checksFile = 'packages/testing/src/conformance/checks.json';

const heading = '\n## The checks\n';

/** docs/conformance.md with another list beneath its last heading. */
export const withChecks = (text: string): string => {
  const checks: readonly ListedCheck[] = JSON.parse(readFileSync(join(root, checksFile), 'utf8'));
  const rows = checks.map(({ id, holds, from, needs }) => `| \`${id}\` | ${holds} | ${from} | ${needs.join(', ')} |`);
  const start = text.indexOf(heading);
  const before = start < 0 ? text : text.slice(0, start);
  const table = ['| check | what must hold | stems from | needs |', '| --- | --- | --- | --- |', ...rows].join('\n');
  return `${before}${heading}\nGenerated from \`${checksFile}\` by \`npm run docs\`.\n\n${table}\n`;
};
