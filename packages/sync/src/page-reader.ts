/**
 * Reads one page ahead: the next page is on its way while the last one is worked on, and never more than that, so
 * that memory stays flat and a slow destination holds the source back.
 */
export async function* readAhead<Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
  const iterator = pages[Symbol.asyncIterator]();
  let pending = iterator.next();
  try {
    for (;;) {
      const { done, value } = await pending;
      if (done === true) return;
      pending = iterator.next();
      // A failure of the page ahead is reported when its turn comes, not as an unhandled rejection before.
      pending.catch(() => {});
      yield value;
    }
  } finally {
    await pending.catch(() => {});
    await iterator.return?.();
  }
}
