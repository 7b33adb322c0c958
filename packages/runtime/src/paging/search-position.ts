import { connectorError } from '../errors/connector-error.ts';

/** Where a walk by search windows stands. The window's end is not in it: it comes with every request anew. */
export type SearchPosition =
  /** All records whose stamp is at or after (`gte`) or after (`gt`) this one, by stamp. */
  | {
      readonly by: 'gte' | 'gt';
      /** Unix milliseconds. */
      readonly stamp: number;
    }
  /** The records of exactly this stamp whose key is greater, by key; all of them where no key is given. */
  | {
      readonly by: 'ties';
      /** Unix milliseconds. */
      readonly stamp: number;
      readonly key: string | undefined;
    };

const form = /^(?:(gte|gt)\.(\d{1,16})|ties\.(\d{1,16})\.(.*))$/s;

/** The position as an opaque cursor. */
export const searchCursor = (position: SearchPosition): string =>
  position.by === 'ties' ? `ties.${position.stamp}.${position.key ?? ''}` : `${position.by}.${position.stamp}`;

/** The position of a cursor. @throws ConnectorError `invalid-request` for a cursor that is none of ours. */
export const searchPosition = (cursor: string): SearchPosition => {
  const [, by, stamp, tieStamp, key] = form.exec(cursor) ?? [];
  if (by !== undefined) return { by: by === 'gt' ? 'gt' : 'gte', stamp: Number(stamp) };
  if (tieStamp !== undefined) return { by: 'ties', stamp: Number(tieStamp), key: key === '' ? undefined : key };
  const what = 'the cursor is not one of a list of changes: read the window again without a cursor';
  throw connectorError('invalid-request', what);
};
