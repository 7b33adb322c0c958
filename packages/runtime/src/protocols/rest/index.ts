import { builders } from './builders.ts';
import { restTransport } from './transport.ts';

export type { JsonAnswer } from '../../http/json-exchange.ts';
export type { RowRules } from '../../paging/rows.ts';
export { type SearchPosition, searchCursor, searchPosition } from '../../paging/search-position.ts';
export { type Found, searchWindows, type WindowedSearch } from '../../paging/search-windows.ts';
export type { PageOf } from '../../paging/walk.ts';
export type { FileJob, FileJobState } from './backfill.ts';
export type { BatchItem, BatchOutcomes, RestBatch, RestBatchWrite } from './batch.ts';
export type { RestBuilders } from './builders.ts';
export type { CursorList } from './cursor-list.ts';
export type { IdempotencyAnswers } from './idempotency.ts';
export type { AsyncJob, JobResult, JobState } from './job.ts';
export type { KeysetList, KeysetPosition, KeysetRequest } from './keyset-list.ts';
export type { LinePosition, LinesOptions, LinesPage } from './line-pages.ts';
export type { LinkedList } from './link-list.ts';
export type { OffsetList } from './offset-list.ts';
export type { NumberedList } from './page-list.ts';
export type { PagedSource, PageSize, RestCall, RestList } from './paged-source.ts';
export type { QueryValue, RestRequest } from './request.ts';
export type { ClassifyContext, RestAnswer, RestOptions, RestTransport } from './transport.ts';
export type { SearchRequest, WindowList } from './window-list.ts';

/**
 * Makes a REST transport. Its members make operations over the transport named `rest`; those of `over('files')` over
 * one of another name.
 */
export const rest = Object.assign(restTransport, { ...builders('rest'), over: builders });
