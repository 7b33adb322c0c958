import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../house.ts';
import type { GeneratedPage } from './page.ts';

interface Verdict {
  readonly check: string;
  readonly state: 'passed' | 'absent' | 'unproved' | 'failed';
  readonly reason?: string;
}

type Permission = string | readonly string[];

interface ResourceSheet {
  readonly operations: Readonly<Record<string, readonly Permission[] | 'absent'>>;
  readonly checks: readonly Verdict[];
}

/** A capability sheet, as far as pages show it. */
export interface Sheet {
  readonly connector: string;
  readonly world: string;
  readonly kind: string;
  readonly api:
    | { readonly version: string; readonly sunset: string; readonly sources: readonly string[] }
    | 'not stated';
  readonly webhooks: readonly string[] | 'absent';
  readonly checks: readonly Verdict[];
  readonly resources: Readonly<Record<string, ResourceSheet>>;
}

/** Text of the sheet's file of a connector; undefined where it was not judged yet. */
const sheetOf = (folder: string): Sheet | undefined => {
  const file = join(root, folder, 'conformance.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};

/** A verdict and the resource it is about; that of the whole connector has none. */
interface Placed extends Verdict {
  readonly resource?: string;
}

const verdictsOf = (sheet: Sheet): readonly Placed[] => [
  ...sheet.checks,
  ...Object.entries(sheet.resources).flatMap(([resource, { checks }]) => checks.map((each) => ({ ...each, resource }))),
];

const count = (verdicts: readonly Verdict[], wanted: Verdict['state']): number =>
  verdicts.filter(({ state }) => state === wanted).length;

/** How the sheet of a resource sums up. */
const summary = (verdicts: readonly Verdict[]): string => {
  const passed = `${count(verdicts, 'passed')} passed`;
  const open = count(verdicts, 'unproved');
  return open === 0 ? passed : `${passed}, ${open} not judged`;
};

/** A table row; a bar inside a cell would end it. */
const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const operationRow = (sheet: Sheet, names: readonly string[]) =>
  Object.entries(sheet.resources).map(([name, { operations, checks }]) => [
    name,
    ...names.map((operation) => ((operations[operation] ?? 'absent') === 'absent' ? 'absent' : 'yes')),
    summary(checks),
  ]);

const operationNames = ['list', 'get', 'find', 'deletions', 'subscribe', 'create', 'update', 'upsert', 'remove'];

/** Whom a point is about: nobody in particular where it is about all. */
const concerned = (resources: readonly string[], sheet: Sheet): string =>
  resources.length === 0 || resources.length === Object.keys(sheet.resources).length
    ? ''
    : ` (${resources.join(', ')})`;

/** What this world could not bring about, and for which resources. */
const openPoints = (sheet: Sheet): string => {
  const open = new Map<string, string[]>();
  for (const { check, state, reason = '', resource } of verdictsOf(sheet)) {
    if (state !== 'unproved') continue;
    const point = `${check}: ${reason}`;
    open.set(point, [...(open.get(point) ?? []), ...(resource === undefined ? [] : [resource])]);
  }
  const lines = [...open].map(([point, resources]) => `- ${point}${concerned(resources, sheet)}`);
  return lines.length === 0 ? '' : `\n\nNot judged in this world:\n\n${lines.join('\n')}`;
};

/** The support table of a README. */
const supportTable = (sheet: Sheet): string => {
  const api = sheet.api === 'not stated' ? 'not stated' : `${sheet.api.version}, ends: ${sheet.api.sunset}`;
  const judged = `Judged on ${sheet.world} (${sheet.kind}). API version ${api}.`;
  const operations = table(['resource', ...operationNames, 'checks'], operationRow(sheet, operationNames));
  return `${judged} The whole connector: ${summary(sheet.checks)}.\n\n${operations}${openPoints(sheet)}`;
};

const begin = '<!-- support: generated from conformance.json by npm run docs -->';
const end = '<!-- /support -->';

/** A README with another support table between its markers; undefined where it has none. */
export const withSupport = (text: string, sheet: Sheet): string | undefined => {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) return undefined;
  return `${text.slice(0, from)}${begin}\n\n${supportTable(sheet)}\n\n${text.slice(to)}`;
};

/** docs/connectors.md: all connectors that were judged, side by side. */
export const connectorsPage = (sheets: readonly Sheet[]): string => {
  const rows = sheets.map((sheet) => [
    `[${sheet.connector}](../packages/connectors/${sheet.connector}/README.md)`,
    sheet.api === 'not stated' ? 'not stated' : sheet.api.version,
    sheet.api === 'not stated' ? 'not stated' : sheet.api.sunset,
    `${sheet.world} (${sheet.kind})`,
    Object.keys(sheet.resources).join(', '),
    summary(verdictsOf(sheet)),
  ]);
  const head = ['connector', 'API version', 'ends', 'judged on', 'resources', 'checks'];
  const sections = sheets.map((sheet) => `## ${sheet.connector}\n\n${supportTable(sheet)}`);
  return `# Connectors

Generated from the capability sheets (\`packages/connectors/<name>/conformance.json\`) by \`npm run docs\`; a test fails when
it is not current. What each check wants stands in [conformance.md](conformance.md).

${[table(head, rows), ...sections].join('\n\n')}
`;
};

/** The pages that are made from capability sheets: READMEs of judged connectors, and the page of all. */
export const sheetPages = (folders: readonly string[], read: (path: string) => string): readonly GeneratedPage[] => {
  const judged = folders.flatMap((folder) => {
    const sheet = sheetOf(folder);
    return sheet === undefined ? [] : [{ folder, sheet }];
  });
  const readmes = judged.map(({ folder, sheet }) => {
    const path = `${folder}/README.md`;
    const current = withSupport(read(path), sheet);
    if (current === undefined) throw new Error(`${path} has no place for its support table: ${begin} ${end}`);
    return { path, current };
  });
  const path = 'docs/connectors.md';
  const all = { page: { path, text: read(path) }, current: connectorsPage(judged.map(({ sheet }) => sheet)) };
  return [all, ...readmes.map(({ path: name, current }) => ({ page: { path: name, text: read(name) }, current }))];
};
