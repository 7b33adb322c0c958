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
export async function* listedPages(
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
