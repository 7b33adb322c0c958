import { readField } from '../../contract/field.ts';
import type { ListRequest } from '../../contract/operations.ts';
import type { SearchPosition } from '../../paging/search-position.ts';
import { searchWindows } from '../../paging/search-windows.ts';
import { splitWindows } from '../../paging/split-windows.ts';
import { vendorTime, widenedWindow } from '../../paging/window.ts';
import { type PagedSource, pageOf, type RestList, type SideBySide, saysMore } from './paged-source.ts';
import type { RestRequest } from './request.ts';

/** One search of a walk by windows. */
export interface SearchRequest {
  /** From where on, and in which order. */
  readonly position: SearchPosition;
  /** Only records changed at or before this instant. */
  readonly until: Date | undefined;
  /** Most records in the answer. */
  readonly pageSize: number | undefined;
}

/** A list over a search that gives no more than so many results, however many there are. */
export interface WindowList
  extends Omit<PagedSource, 'query' | 'key' | 'stamp' | 'sorted' | 'path' | 'quota'>,
    SideBySide {
  /** Dotted path of the record's key. */
  readonly key: string;
  /** Dotted path of the change stamp. */
  readonly stamp: string;
  /** The request of one search. A search is a read, whatever its method. */
  readonly request: (search: SearchRequest) => RestRequest;
  /** Dotted path of what says that there are more results: anything but false, null and nothing. */
  readonly more: string;
}

/**
 * Makes a `list` operation over a search whose results are capped, for instance at 10,000. It never asks for an offset:
 * each page is a search that begins at the last stamp of the page before, and equal stamps are read by key.
 */
export const windowList =
  <Name extends string>(name: Name, list: WindowList): RestList<Name> =>
  (call, request) => {
    const transport = call.transports[name];
    let begunAt: number | undefined;
    const searchUntil = (until: Date | undefined) => async (position: SearchPosition) => {
      const asked = list.request({ position, until, pageSize: request.pageSize });
      const answer = await transport.send({ effect: 'read', ...asked });
      begunAt ??= vendorTime(answer.headers) ?? transport.clock.now();
      const { records, total } = pageOf(answer, list);
      return { records, total, more: saysMore(readField(answer.body, list.more)) };
    };
    const { key, stamp, sideBySide: atOnce = 1, granularityMs = 1 } = list;
    const endMs = () => begunAt ?? transport.clock.now();
    const walk = (asked: ListRequest) => {
      const widened = widenedWindow(asked, list.granularityMs);
      return searchWindows({ key, stamp, search: searchUntil(widened.until), endMs }, widened);
    };
    if (atOnce === 1) return walk(request);
    // Each part is widened on both sides: shorter ones would read most of their neighbours again.
    return splitWindows({ walk, key, atOnce, endMs, shortestMs: 10 * granularityMs }, request);
  };
