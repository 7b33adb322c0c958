import type { SourceText } from '../house.ts';

/** Writes every page that is made from code. */
export const command = 'npm run docs';

/** A page as it is, and as the code says that it should be. */
export interface GeneratedPage {
  readonly page: SourceText;
  readonly current: string;
}

/** The formatter widens the cells of tables, and a page is not stale for that. */
const narrow = (text: string): string => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

/** Whether the page says what the code says. */
export const isCurrent = ({ page, current }: GeneratedPage): boolean => narrow(page.text) === narrow(current);

/** Pages that differ from the code, and what brings them up to date. */
export const stalePages = (pages: readonly GeneratedPage[]): string[] =>
  pages.filter((each) => !isCurrent(each)).map(({ page }) => `${page.path}: it is not what the code says: ${command}`);
