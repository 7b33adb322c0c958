import {
  type ConnectorErrorCode,
  isConnectorError,
  type ListRequest,
  type Page,
  type ResourcePort,
} from '@mortise/runtime';

/** What is read, and what ends it. */
export interface Reading {
  readonly request: ListRequest;
  readonly signal: AbortSignal | undefined;
}

/** How a cursor that is too old is refused: as such, or by vendors and connectors that do not tell it apart. */
const cursorRefusals: ReadonlySet<ConnectorErrorCode> = new Set(['expired-cursor', 'invalid-request', 'not-found']);

/**
 * The pages of a list. A cursor of an interrupted run may have expired at the vendor: the list then begins again, and
 * what was written before is recognised by its fingerprint.
 */
async function* listedPages(
  list: NonNullable<ResourcePort['list']>,
  { request, signal }: Reading,
): AsyncGenerator<Page<unknown>> {
  let started = false;
  try {
    for await (const page of list({ ...request, signal })) {
      started = true;
      yield page;
    }
    return;
  } catch (thrown) {
    const refused = isConnectorError(thrown) && cursorRefusals.has(thrown.code);
    if (started || request.cursor === undefined || !refused) throw thrown;
  }
  yield* list({ ...request, cursor: undefined, signal });
}

/** A signal that follows another one and can be aborted by itself. */
const follow = (signal: AbortSignal | undefined) => {
  const own = new AbortController();
  const abort = () => own.abort(signal?.reason);
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  const end = () => {
    signal?.removeEventListener('abort', abort);
    own.abort();
  };
  return { signal: own.signal, end };
};

/**
 * Reads one page ahead: the next page is on its way while the last one is worked on, and never more than that, so
 * that memory stays flat and a slow destination holds the source back. A request that is on its way when nobody wants
 * its page any more is cancelled.
 */
export async function* readAhead(
  list: NonNullable<ResourcePort['list']>,
  reading: Reading,
): AsyncGenerator<Page<unknown>> {
  const ending = follow(reading.signal);
  const pages = listedPages(list, { ...reading, signal: ending.signal });
  let pending = pages.next();
  try {
    for (;;) {
      const { done, value } = await pending;
      if (done === true) return;
      pending = pages.next();
      // A failure of the page ahead is reported when its turn comes, not as an unhandled rejection before.
      pending.catch(() => {});
      yield value;
    }
  } finally {
    ending.end();
    await pending.catch(() => {});
  }
}
