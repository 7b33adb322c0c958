// `npm run bench`: Mortise side by side with what users would write instead, in one run. Writes docs/performance.md.
// `npm run bench -- --only sync` prints one section and writes nothing.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { connectorsSection } from './connectors/section.ts';
import { httpSection } from './http/section.ts';
import { mappingSection } from './mapping/section.ts';
import { type BenchSection, circumstances, isMet } from './report.ts';
import { soapSection } from './soap/section.ts';
import { syncSection } from './sync/section.ts';
import { webhooksSection } from './webhooks/section.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    records: { type: 'string', default: '100000' },
    only: { type: 'string' },
  },
});
const sizes = { records: Number(values.records), rounds: Number(values.rounds) };

/** Every section by name, in the order of the page. */
const sections: Readonly<Record<string, () => Promise<BenchSection>>> = {
  http: () => httpSection(sizes),
  mapping: () => mappingSection(sizes),
  sync: () => syncSection(sizes),
  soap: soapSection,
  webhooks: () => webhooksSection(sizes),
  connectors: connectorsSection,
};

const wanted = Object.entries(sections).filter(([name]) => values.only === undefined || values.only === name);
if (wanted.length === 0) {
  process.stderr.write(`there is no section '${values.only}': known are ${Object.keys(sections).join(', ')}\n`);
  process.exit(2);
}
const measured: BenchSection[] = [];
for (const [, measure] of wanted) measured.push(await measure());

const page = `# Performance

Made by \`npm run bench\`. ${circumstances()}
Server and contender share the machine's cores, so read the ratios, not the rates.
${measured.map(({ heading, body }) => `\n## ${heading}\n\n${body}\n`).join('')}`;
if (values.only === undefined) await writeFile(new URL('../../../docs/performance.md', import.meta.url), page);
process.stdout.write(page);
const missed = measured.flatMap(({ targets }) => targets.filter((target) => !isMet(target)));
process.stdout.write(
  `\n${missed.length === 0 ? 'All targets met.' : `Missed: ${missed.map(({ what }) => what).join('; ')}.`}\n`,
);
