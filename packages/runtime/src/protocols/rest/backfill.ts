import type { ListedPage, ListRequest } from '../../contract/operations.ts';
import type { ConnectorErrorCode } from '../../errors/codes.ts';
import { connectorError, isConnectorError } from '../../errors/connector-error.ts';
import { sleep } from '../../resilience/clock.ts';
import type { LinePosition, LinesPage } from './line-pages.ts';
import type { RestCall } from './paged-source.ts';
import type { RestRequest } from './request.ts';

/** How a job that writes a file stands. */
export type FileJobState =
  /** Not done. `waitMs` is when to ask again, milliseconds. */
  | { readonly is: 'running'; readonly waitMs?: number | undefined }
  /** Done. Without a `file` there was nothing to write. */
  | {
      readonly is: 'done';
      readonly file?: RestRequest | undefined;
      /** How many lines the vendor says the file has. */
      readonly count?: number | undefined;
      /** How many bytes the vendor says it has, inflated. */
      readonly bytes?: number | undefined;
    }
  | { readonly is: 'failed'; readonly code?: ConnectorErrorCode; readonly vendorCode?: string | undefined }
  /** The vendor no longer knows the job, or no longer keeps its file. */
  | { readonly is: 'gone' };

/** A job of the vendor's that writes records to a file of lines, started and asked after over whatever transport. */
export interface FileJob<Caller> {
  /** Starts the job and gives its id. Rejects with a ConnectorError. */
  readonly start: (call: Caller, request: ListRequest) => Promise<string>;
  /** Asks how the job stands. The address of its file may be another one each time. Rejects with a ConnectorError. */
  readonly state: (call: Caller, id: string) => Promise<FileJobState>;
  /** Whether a line begins a record; for files in which lines belong to the one before. Every line does unless given. */
  readonly startsRecord?: (line: unknown) => boolean;
  /** The records of some lines that belong together; the lines themselves unless given. */
  readonly records?: (lines: readonly unknown[]) => readonly unknown[];
  /** Time between two questions where the vendor names none, milliseconds; 5 seconds unless given. */
  readonly intervalMs?: number;
  /** Time for the job, milliseconds, from when this walk first asked; a day unless given. */
  readonly deadlineMs?: number;
}

const defaultIntervalMs = 5_000;
const defaultDeadlineMs = 86_400_000;

/** A job, and how far its file has been read. */
interface Place {
  readonly id: string;
  readonly position: LinePosition;
}

/** Digits first, then what the vendor has named. */
const cursorForm = /^(\d{1,15})\+(\d{1,15})\+([^+]*)\+([^+]+)$/;

const cursorOf = ({ id, position }: Place): string => {
  const { byte, line, version = '' } = position;
  return [byte, line, encodeURIComponent(version), encodeURIComponent(id)].join('+');
};

const placeOf = (cursor: string): Place => {
  const [, byte, line, version = '', id] = cursorForm.exec(cursor) ?? [];
  if (id === undefined) {
    throw connectorError('invalid-request', 'the cursor is not one of this backfill: start without it');
  }
  const known = version === '' ? undefined : decodeURIComponent(version);
  return { id: decodeURIComponent(id), position: { byte: Number(byte), line: Number(line), version: known } };
};

/**
 * Makes a `backfill` operation of a job that writes a file: starts it, waits for it, reads the file page by page. While
 * the job runs, pages are empty; every page says where to go on, the job's id included, so that a crash costs a page.
 * @throws ConnectorError `expired-cursor` where the job or its file is gone, `timeout` for a job that is not done in
 * its time, `truncated` for a file that stays cut, the code of `failed` or `invalid-request`.
 */
export const fileBackfill = <Name extends string, Caller extends RestCall<Name>>(name: Name, job: FileJob<Caller>) =>
  async function* backfill(call: Caller, request: ListRequest): AsyncGenerator<ListedPage> {
    const place = request.cursor === undefined ? await begun(job, { call, request }) : placeOf(request.cursor);
    const at = cursorOf(place);
    if (request.cursor === undefined) yield { records: [], next: at };
    const { records = (lines) => lines } = job;
    const clock = call.transports[name].clock;
    const endsAt = clock.monotonic() + (job.deadlineMs ?? defaultDeadlineMs);
    let state = await job.state(call, place.id);
    while (state.is === 'running') {
      const waitMs = waitOf(state.waitMs, job.intervalMs);
      if (clock.monotonic() + waitMs > endsAt) throw tooLate(call.now() + waitMs);
      await sleep(clock, waitMs, call.signal);
      yield { records: [], next: at };
      state = await job.state(call, place.id);
    }
    for await (const { lines, next } of filePages(name, { call, job, place, state })) {
      yield { records: records(lines), next: next && cursorOf({ ...place, position: next }) };
    }
  };

const begun = async <Caller>(
  job: FileJob<Caller>,
  { call, request }: { call: Caller; request: ListRequest },
): Promise<Place> => ({ id: await job.start(call, request), position: { byte: 0, line: 0 } });

/** A vendor that asks for no wait at all, or for one that is no number, is not hammered. */
const waitOf = (stated: number | undefined, own = defaultIntervalMs): number =>
  stated !== undefined && Number.isFinite(stated) ? Math.max(stated, Math.min(own, 1_000)) : own;

const tooLate = (resumeAt: number) =>
  connectorError('timeout', 'the vendor has not done the job in its time: go on with the cursor later', { resumeAt });

const gone = () =>
  connectorError('expired-cursor', 'the vendor no longer has the file of this backfill: begin anew without the cursor');

interface EndedJob<Caller> {
  readonly call: Caller;
  readonly job: FileJob<Caller>;
  readonly place: Place;
  readonly state: Exclude<FileJobState, { is: 'running' }>;
}

/** The pages of the file of a job that has ended. */
async function* filePages<Name extends string, Caller extends RestCall<Name>>(
  name: Name,
  { call, job, place, state }: EndedJob<Caller>,
): AsyncGenerator<LinesPage> {
  if (state.is === 'gone') throw gone();
  if (state.is === 'failed') {
    const { code = 'invalid-request', vendorCode } = state;
    throw connectorError(code, 'the vendor could not do the job', { vendorCode });
  }
  const { file, count, bytes } = state;
  if (file === undefined) {
    if ((count ?? 0) === 0) return;
    throw connectorError('truncated', `the vendor names no file for the ${count} lines that it says there are`);
  }
  const { startsRecord } = job;
  try {
    yield* call.transports[name].lines(file, { count, bytes, from: place.position, startsRecord });
  } catch (thrown) {
    throw isConnectorError(thrown) && thrown.code === 'not-found' ? gone() : thrown;
  }
}
