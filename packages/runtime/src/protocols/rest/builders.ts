import type { ListedPage, ListRequest } from '../../contract/operations.ts';
import { type FileJob, fileBackfill } from './backfill.ts';
import { batchWrite, type RestBatch, type RestBatchWrite } from './batch.ts';
import { type CursorList, cursorList } from './cursor-list.ts';
import { type AsyncJob, asyncJob } from './job.ts';
import { type KeysetList, keysetList } from './keyset-list.ts';
import { type LinkedList, linkedList } from './link-list.ts';
import { type OffsetList, offsetList } from './offset-list.ts';
import { type NumberedList, numberedList } from './page-list.ts';
import type { RestCall, RestList } from './paged-source.ts';
import { type WindowList, windowList } from './window-list.ts';

/** What makes operations over the transport of one name. A vendor without a transport of that name refuses them. */
export interface RestBuilders<Name extends string> {
  /** A list whose pages lead on by a cursor in the body. */
  readonly list: (list: CursorList) => RestList<Name>;
  /** A list whose pages are numbered. */
  readonly pages: (list: NumberedList) => RestList<Name>;
  /** A list that is read from an offset on. */
  readonly offset: (list: OffsetList) => RestList<Name>;
  /** A list whose pages name the next one by its address. */
  readonly links: (list: LinkedList) => RestList<Name>;
  /** A list that is asked for what lies behind the last record read. */
  readonly keyset: (list: KeysetList) => RestList<Name>;
  /** A list over a search that gives only so many results. */
  readonly windows: (list: WindowList) => RestList<Name>;
  /** A write of many records in one request, with an outcome for each. */
  readonly batch: (batch: RestBatch) => RestBatchWrite<Name>;
  /**
   * A backfill of a file of lines that a job of the vendor's writes. The transport fetches the file; the job may be
   * started and asked after over another one. Its walk rejects with a ConnectorError.
   */
  readonly backfill: <Caller extends RestCall<Name>>(
    job: FileJob<Caller>,
  ) => (call: Caller, request: ListRequest) => AsyncGenerator<ListedPage>;
  /** What the vendor works out in its own time: started, asked after, fetched. Rejects with a ConnectorError. */
  readonly job: <Input = void>(job: AsyncJob<Input>) => (call: RestCall<Name>, input: Input) => Promise<unknown>;
}

/** Makes the builders for the transport of a name. */
export const builders = <const Name extends string>(name: Name): RestBuilders<Name> => ({
  list: (list) => cursorList(name, list),
  pages: (list) => numberedList(name, list),
  offset: (list) => offsetList(name, list),
  links: (list) => linkedList(name, list),
  keyset: (list) => keysetList(name, list),
  windows: (list) => windowList(name, list),
  batch: (batch) => batchWrite(name, batch),
  backfill: (job) => fileBackfill(name, job),
  job: (job) => asyncJob(name, job),
});
