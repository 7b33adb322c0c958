import { keyText, readField } from '../../contract/field.ts';
import { connectorError, isConnectorError } from '../../errors/connector-error.ts';
import { walkPages } from '../../paging/walk.ts';
import { expiredCursor } from './expired-cursor.ts';
import { listReader, type PagedSource, type RestList } from './paged-source.ts';

/** A list whose pages lead on by a cursor in the body. */
export interface CursorList extends PagedSource {
  /** Dotted path of the next cursor in the body; no value there ends the list. */
  readonly next: string;
  /** Query parameter that takes the cursor. */
  readonly cursor: string;
  /**
   * Goes on from the last stamp read when the vendor no longer takes a cursor. Only for a list in ascending order of
   * `stamp` whose `query` filters by `since`, inclusively.
   */
  readonly resumeByStamp?: boolean;
}

/** Where a walk stands: a cursor of the vendor's, and the last stamp read before it. */
interface Position {
  readonly token: string | undefined;
  /** Unix milliseconds. */
  readonly stamp: number | undefined;
}

/**
 * Makes a `list` operation that follows a cursor. A page may be empty and still not be the end; a cursor that comes
 * back a second time is a circle and fails; one that the vendor no longer takes is `expired-cursor`, never the end.
 * @throws ConnectorError `invalid-definition` for `resumeByStamp` without a stamp.
 */
export const cursorList = <Name extends string>(name: Name, list: CursorList): RestList<Name> => {
  const resumes = list.resumeByStamp === true;
  if (resumes && list.stamp === undefined) {
    throw connectorError('invalid-definition', `the list of ${list.path} resumes by its stamp: name the stamp's path`);
  }
  return (call, request) => {
    const { fetch, endMs } = listReader(call.transports[name], { source: list, request });
    const readFrom = async ({ token, stamp }: Position) => {
      const since = token === undefined && stamp !== undefined ? { since: new Date(stamp) } : {};
      const { answer, records, total } = await fetch({ [list.cursor]: token }, since);
      const next = nextToken(readField(answer.body, list.next));
      return { records, total, next: next === undefined ? undefined : { token: next, stamp: undefined } };
    };
    let last: number | undefined;
    return walkPages<Position>({
      start: resumes ? readPosition(request.cursor) : { token: request.cursor, stamp: undefined },
      read: async (position) => {
        last = position.stamp ?? last;
        if (position.token === undefined) return readFrom(position);
        try {
          return await readFrom(position);
        } catch (thrown) {
          const error = expiredCursor(thrown);
          const canResume = resumes && last !== undefined && isConnectorError(error) && error.code === 'expired-cursor';
          if (!canResume) throw error;
          return { records: [], next: { token: undefined, stamp: last } };
        }
      },
      keyOf: ({ token = '', stamp }) => (resumes ? `${stamp ?? ''}~${token}` : token),
      cursorOf: ({ token, stamp }, { lastStamp }) => {
        last = lastStamp ?? last;
        return resumes ? `${stamp ?? last ?? ''}~${token ?? ''}` : token;
      },
      rules: resumes ? { ...list, sorted: true } : list,
      endMs,
    });
  };
};

/** Anything else than a text or a number would be the end of the list without a sign. */
const nextToken = (value: unknown): string | undefined => {
  if (value === undefined || value === null || value === false || value === '') return undefined;
  const token = keyText(value);
  if (token === undefined) throw connectorError('unexpected-content', 'the next cursor is neither text nor number');
  return token;
};

const cursorForm = /^(\d{1,16})?~(.*)$/s;

/** A cursor without a stamp of ours is one of the vendor's. */
const readPosition = (cursor: string | undefined): Position => {
  if (cursor === undefined) return { token: undefined, stamp: undefined };
  const [, stamp, token = cursor] = cursorForm.exec(cursor) ?? [];
  return { token: token === '' ? undefined : token, stamp: stamp === undefined ? undefined : Number(stamp) };
};
