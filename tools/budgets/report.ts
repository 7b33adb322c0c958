import type { Measures } from './measure.ts';

/** The budgets: hard ones bind each file and function, soft ones a package of more than `softFrom` lines. */
const budgets = {
  file: { median: 80, p90: 250, cap: 400 },
  function: { median: 12, p90: 40, cap: 80 },
  castsPerThousandLines: 3,
  documentedShare: 0.9,
  softFrom: 200,
} as const;

/** The value below which (or at which) the share of the values lies; 0 for none. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The figures of one package. Callbacks count for the maximum alone: one-liners would hide the long functions. */
const figuresOf = ({ files, functions, exported, casts, commentLines }: Measures) => {
  const fileLines = files.map(({ lines }) => lines);
  const named = functions.filter((each) => each.named).map(({ lines }) => lines);
  const total = sum(fileLines);
  const documented = exported.filter((each) => each.documented).length;
  return {
    total,
    file: { median: quantile(fileLines, 0.5), p90: quantile(fileLines, 0.9), max: quantile(fileLines, 1) },
    function: {
      median: quantile(named, 0.5),
      p90: quantile(named, 0.9),
      max: quantile(
        functions.map(({ lines }) => lines),
        1,
      ),
    },
    castsPerThousandLines: (casts.length * 1000) / Math.max(total, 1),
    documentedShare: exported.length === 0 ? 1 : documented / exported.length,
    commentShare: commentLines / Math.max(total, 1),
  };
};

const percent = (share: number): string => `${Math.round(share * 100)}`;

/** The report: one line a package. */
export const tableOf = (packages: readonly Measures[]): string => {
  const head = [
    'package',
    'files',
    'lines',
    'file',
    'function',
    '>2 par',
    'any',
    'as/kl',
    'doc %',
    'default',
    'comm %',
  ];
  const rows = packages.map((measures) => {
    const figures = figuresOf(measures);
    return [
      measures.folder,
      `${measures.files.length}`,
      `${figures.total}`,
      `${figures.file.median}/${figures.file.p90}/${figures.file.max}`,
      `${figures.function.median}/${figures.function.p90}/${figures.function.max}`,
      `${measures.longSignatures}`,
      `${measures.anys.length}`,
      figures.castsPerThousandLines.toFixed(1),
      percent(figures.documentedShare),
      `${measures.defaultExports.length}`,
      percent(figures.commentShare),
    ];
  });
  const widths = head.map((title, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length)));
  const render = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(render).join('\n');
};

/** What breaks a hard budget, by place. */
export const hardBreaches = (measures: Measures): string[] => [
  ...measures.files
    .filter(({ lines }) => lines > budgets.file.cap)
    .map(({ path, lines }) => `${path}: ${lines} lines, cap ${budgets.file.cap}`),
  ...measures.functions
    .filter(({ lines }) => lines > budgets.function.cap)
    .map(({ place, lines }) => `${place}: function of ${lines} lines, cap ${budgets.function.cap}`),
  ...measures.longParameterLists,
  ...measures.anys.map((place) => `${place}: the type any`),
  ...measures.defaultExports.map((place) => `${place}: default export`),
];

/** What breaks a soft budget: figures of a whole package, with the places that make them where there are some. */
export const softBreaches = (measures: Measures): string[] => {
  const figures = figuresOf(measures);
  const { folder, casts, exported } = measures;
  if (figures.total <= budgets.softFrom) return [];
  const sizes = (['file', 'function'] as const).flatMap((kind) =>
    (['median', 'p90'] as const)
      .filter((figure) => figures[kind][figure] > budgets[kind][figure])
      .map((figure) => `${folder}: ${kind} ${figure} ${figures[kind][figure]} lines, budget ${budgets[kind][figure]}`),
  );
  // rounded up, so that a package of a few hundred lines may have its one explained cast
  const castsAllowed = Math.ceil((figures.total * budgets.castsPerThousandLines) / 1000);
  const undocumented = exported.filter(({ documented }) => !documented).map(({ place }) => place);
  return [
    ...sizes,
    ...(casts.length > castsAllowed
      ? [`${folder}: ${casts.length} casts, ${castsAllowed} allowed: ${casts.join(', ')}`]
      : []),
    ...(figures.documentedShare < budgets.documentedShare
      ? [
          `${folder}: ${percent(figures.documentedShare)} % of exports documented: missing at ${undocumented.join(', ')}`,
        ]
      : []),
  ];
};
