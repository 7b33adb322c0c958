import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '../packages/runtime/src/errors/codes.ts';
import { root } from './house.ts';
import { errorsPage } from './pages/errors.ts';
import { generatedPages } from './pages/pages.ts';

describe('generated pages are current; `npm run docs` writes them anew', () => {
  for (const [path, make] of Object.entries(generatedPages)) {
    test(path, () => {
      expect(readFileSync(join(root, path), 'utf8')).toBe(make());
    });
  }
});

test('every error code has a section with its meaning, what to do and its exit status', () => {
  const page = errorsPage();
  for (const [code, { nextStep, exitStatus }] of Object.entries(errorCodes)) {
    const section = page.split(`\n## ${code}\n`)[1]?.split('\n## ')[0] ?? '';
    const [, meaning = '', ...rest] = section.split('\n');
    expect([code, meaning.length > 20], section).toEqual([code, true]);
    expect(rest.join('\n')).toContain(nextStep);
    expect(rest.join('\n')).toContain(`:** ${exitStatus} (`);
  }
});
