import type { Step } from './step.ts';

/** What there is to explain of a mapping. */
export interface Explained {
  readonly title: string;
  readonly steps: readonly Step[];
  /** Every field of the model, mapped or not. */
  readonly fields: readonly string[];
}

/** The rules as a Markdown table under a heading of level 3. */
export const explain = ({ title, steps, fields }: Explained): string => {
  const mapped = new Set(steps.map((step) => step.field));
  const rows = [
    ...steps.map(rowOf),
    ...fields.filter((field) => !mapped.has(field)).map((field) => [field, '(not supplied)', '', '', '']),
  ];
  return [
    `### ${title}`,
    '',
    '| model | wire | conversion | direction | policy and notes |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((cells) => `| ${cells.map(cellText).join(' | ')} |`),
    '',
  ].join('\n');
};

const rowOf = ({ field, row, write }: Step): readonly string[] => [
  field,
  row.wire,
  row.conversion,
  write ? 'both' : 'read',
  row.notes.filter((note) => note !== undefined).join('; '),
];

/** A bar or a line break in a cell would break the table. */
const cellText = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
