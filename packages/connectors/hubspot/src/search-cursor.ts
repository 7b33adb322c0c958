import { connectorError } from '@mortise/runtime';

/** Where a list of changes stands. The window's end is not in it: it comes with every request anew. */
export type SearchPosition =
  /** All records whose stamp is at or after (`gte`) or after (`gt`) this one, Unix milliseconds, by stamp. */
  | { readonly by: 'gte' | 'gt'; readonly stamp: number }
  /** The records of exactly this stamp whose id is greater, by id. */
  | { readonly by: 'ties'; readonly stamp: number; readonly id: string };

const form = /^(?:(gte|gt)\.(\d{1,16})|ties\.(\d{1,16})\.(\d{1,20}))$/;

/** The position as an opaque cursor. */
export const searchCursor = (position: SearchPosition): string =>
  position.by === 'ties' ? `ties.${position.stamp}.${position.id}` : `${position.by}.${position.stamp}`;

/** The position of a cursor. @throws ConnectorError `invalid-request` for a cursor that is none of ours. */
export const searchPosition = (cursor: string): SearchPosition => {
  const [, by, stamp, tieStamp, id] = form.exec(cursor) ?? [];
  if (by !== undefined) return { by: by === 'gt' ? 'gt' : 'gte', stamp: Number(stamp) };
  if (id !== undefined) return { by: 'ties', stamp: Number(tieStamp), id };
  const what = 'the cursor is not one of a list of changes: read the window again without a cursor';
  throw connectorError('invalid-request', what);
};
