import { errorsPage } from './errors.ts';

/** Pages that are generated from code: path relative to the top folder, and what makes it. */
export const generatedPages: Readonly<Record<string, () => string>> = {
  'docs/errors.md': errorsPage,
};
