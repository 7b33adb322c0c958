import { connectorError } from '../errors/connector-error.ts';

/** Cursors that are remembered one by one: circles of vendors are short, and memory stays flat on a long walk. */
const mostRemembered = 1_000;

/**
 * Makes a guard that is told every cursor of a walk and refuses the walk that comes back to one. A longer circle than
 * is remembered is met by an anchor, which is set anew after 1, 2, 4, 8, … cursors.
 */
export const circleGuard = (): ((cursor: string) => void) => {
  const recent = new Set<string>();
  let anchor: string | undefined;
  let told = 0;
  let nextAnchor = 1;
  return (cursor) => {
    if (recent.has(cursor) || cursor === anchor) throw circling();
    recent.add(cursor);
    const [oldest] = recent;
    if (recent.size > mostRemembered && oldest !== undefined) recent.delete(oldest);
    told += 1;
    if (told < nextAnchor) return;
    anchor = cursor;
    nextAnchor *= 2;
  };
};

/** The error of a list whose pages lead back to one already read. */
export const circling = () =>
  connectorError('unexpected-content', 'the pages of the list lead back to one already read');
