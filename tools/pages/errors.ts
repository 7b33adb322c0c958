import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { errorCodes } from '../../packages/runtime/src/errors/codes.ts';
import { root } from '../house.ts';
import { nodesOf, parse } from '../syntax.ts';

const codesFile = 'packages/runtime/src/errors/codes.ts';

const retryText = {
  always: 'yes: the vendor refused it, or never saw it',
  'when-repeatable': 'where repeating does no harm: reads, and writes whose effect is not `unsafe`',
  never: 'no: repeating cannot help',
} as const;

const statusText = { 1: '1 (failed)', 2: '2 (usage or settings)', 75: '75 (try later)' } as const;

/** What happened, from the docstring above each code. */
const meanings = (): ReadonlyMap<string, string> => {
  const source = { path: codesFile, text: readFileSync(join(root, codesFile), 'utf8') };
  const found = new Map<string, string>();
  for (const node of nodesOf(parse(source))) {
    if (!ts.isPropertyAssignment(node) || !ts.isObjectLiteralExpression(node.initializer)) continue;
    const [comment] = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
    if (!comment) continue;
    const text = source.text.slice(comment.pos, comment.end).replace(/^\/\*\*|\*\/$|^\s*\*/gm, '');
    found.set(node.name.getText().replaceAll("'", ''), text.replace(/\s+/g, ' ').trim());
  }
  return found;
};

/** docs/errors.md, as the code list has it. */
export const errorsPage = (): string => {
  const meaningOf = meanings();
  const sections = Object.entries(errorCodes).map(([code, { retry, nextStep, exitStatus }]) =>
    [
      `## ${code}`,
      '',
      meaningOf.get(code) ?? '',
      '',
      `- **What to do:** ${nextStep}`,
      `- **Sent again by itself:** ${retryText[retry]}.`,
      `- **Exit status of a command:** ${statusText[exitStatus]}.`,
    ].join('\n'),
  );
  return `# Errors

Generated from \`${codesFile}\` by \`npm run docs\`; a test fails when it is not current.

Every operation rejects with a \`ConnectorError\`. Its \`code\` is one of this closed list and stays the same within a
major version; its message does not. \`isConnectorError(value)\` tells it apart, also between two copies of the package.
An error holds the connector, the connection, the operation, the method and the path template, the vendor's status,
code and request id, the number of attempts, and \`resumeAt\` where it is known; never a body, a header or a value.

${sections.join('\n\n')}
`;
};
