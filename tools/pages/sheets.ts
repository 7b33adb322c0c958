import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SheetDifference, sheetDifferences } from '../../packages/testing/src/conformance/comparison.ts';
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

const sheetFile = /^conformance(\.[a-z]+)?\.json$/;

/** The sheets of a connector, that of its default first; none where it was not judged yet. */
const sheetsOf = (folder: string): readonly Sheet[] =>
  readdirSync(join(root, folder))
    .filter((name) => sheetFile.test(name))
    .toSorted((left, right) => left.length - right.length || (left < right ? -1 : 1))
    .map((name) => JSON.parse(readFileSync(join(root, folder, name), 'utf8')));

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

/** The support table of one sheet. */
const supportTable = (sheet: Sheet): string => {
  const api = sheet.api === 'not stated' ? 'not stated' : `${sheet.api.version}, ends: ${sheet.api.sunset}`;
  const judged = `Judged on ${sheet.world} (${sheet.kind}). API version ${api}.`;
  const operations = table(['resource', ...operationNames, 'checks'], operationRow(sheet, operationNames));
  return `${judged} The whole connector: ${summary(sheet.checks)}.\n\n${operations}${openPoints(sheet)}`;
};

/** Points of one kind, each once with the resources that it is about; nothing where there are none. */
const points = (differences: readonly SheetDifference[], { title, sheet }: { title: string; sheet: Sheet }): string => {
  const found = new Map<string, string[]>();
  for (const { subject, states, resource } of differences) {
    const point = `${subject}: ${states.join(' and ')}`;
    found.set(point, [...(found.get(point) ?? []), ...(resource === undefined ? [] : [resource])]);
  }
  const lines = [...found].map(([point, resources]) => `- ${point}${concerned(resources, sheet)}`);
  return lines.length === 0 ? '' : `\n\n${title}:\n\n${lines.join('\n')}`;
};

const differenceTitles = {
  operation: 'Operations that one of them lacks',
  verdict: 'Checks with another verdict',
  proof: 'Checks that could be judged on one of them alone',
} as const;

/** Another sheet of a connector beside that of the default, operation by operation and check by check. */
const comparison = (sheet: Sheet, other: Sheet): string => {
  const differences = sheetDifferences(sheet, other);
  const of = (kind: string) => differences.filter((each) => each.kind === kind);
  const operations = of('operation').length === 0 ? 'the same operations' : 'not the same operations';
  const verdicts = of('verdict').length === 0 ? 'the same verdicts' : 'not the same verdicts';
  const lists = Object.entries(differenceTitles).map(([kind, title]) => points(of(kind), { title, sheet }));
  const said = `${sheet.world} and ${other.world} have ${operations}, and ${verdicts} where both could be judged.`;
  return `${said}${lists.join('')}`;
};

/** The support tables of a connector, and where they differ. */
const supportTables = (sheets: readonly Sheet[]): string => {
  const [first] = sheets;
  if (first === undefined) return '';
  return [...sheets.map(supportTable), ...sheets.slice(1).map((other) => comparison(first, other))].join('\n\n');
};

const begin = '<!-- support: generated from conformance.json by npm run docs -->';
const end = '<!-- /support -->';

/** A README with another support table between its markers; undefined where it has none. */
export const withSupport = (text: string, sheets: readonly Sheet[]): string | undefined => {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) return undefined;
  return `${text.slice(0, from)}${begin}\n\n${supportTables(sheets)}\n\n${text.slice(to)}`;
};

/** docs/connectors.md: all connectors that were judged, side by side, each by one sheet or several. */
export const connectorsPage = (judged: readonly (readonly Sheet[])[]): string => {
  const rows = judged
    .flat()
    .map((sheet) => [
      `[${sheet.connector}](../packages/connectors/${sheet.connector}/README.md)`,
      sheet.api === 'not stated' ? 'not stated' : sheet.api.version,
      sheet.api === 'not stated' ? 'not stated' : sheet.api.sunset,
      `${sheet.world} (${sheet.kind})`,
      Object.keys(sheet.resources).join(', '),
      summary(verdictsOf(sheet)),
    ]);
  const head = ['connector', 'API version', 'ends', 'judged on', 'resources', 'checks'];
  const sections = judged.flatMap((sheets) =>
    sheets[0] === undefined ? [] : [`## ${sheets[0].connector}\n\n${supportTables(sheets)}`],
  );
  return `# Connectors

Generated from the capability sheets (\`packages/connectors/<name>/conformance*.json\`) by \`npm run docs\`; a test fails
when it is not current. What each check wants stands in [conformance.md](conformance.md).

${[table(head, rows), ...sections].join('\n\n')}
`;
};

/** The pages that are made from capability sheets: READMEs of judged connectors, and the page of all. */
export const sheetPages = (folders: readonly string[], read: (path: string) => string): readonly GeneratedPage[] => {
  const judged = folders.flatMap((folder) => {
    const sheets = sheetsOf(folder);
    return sheets.length === 0 ? [] : [{ folder, sheets }];
  });
  const readmes = judged.map(({ folder, sheets }) => {
    const path = `${folder}/README.md`;
    const current = withSupport(read(path), sheets);
    if (current === undefined) throw new Error(`${path} has no place for its support table: ${begin} ${end}`);
    return { path, current };
  });
  const path = 'docs/connectors.md';
  const all = { page: { path, text: read(path) }, current: connectorsPage(judged.map(({ sheets }) => sheets)) };
  return [all, ...readmes.map(({ path: name, current }) => ({ page: { path: name, text: read(name) }, current }))];
};
