/** Writes src/schema/sdl.ts from the schema that Shopify publishes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSchema } from '../../../../servers/shopify-schema/schema.mjs';
import { pruned } from './prune.mjs';

const { introspection } = readSchema();
const head = `// Written by schema/write.mjs out of Shopify's published Admin schema 2026-10: do not edit.
/** The part of Shopify's Admin schema that the stand-in has. */
`;
const text = pruned(introspection);
writeFileSync(join(import.meta.dirname, '../src/schema/sdl.ts'), `${head}export const sdl = \`\n${text}\`;\n`);
