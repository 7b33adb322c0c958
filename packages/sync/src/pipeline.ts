import { connectorError, type RejectedRecord } from '@mortise/runtime';
import type { Checkpoint } from '@mortise/store';
import { decidePage } from './decision.ts';
import { commitPages, type RunContext, type WrittenPage } from './page-commit.ts';
import { writeAll } from './page-writer.ts';

/** A page as it enters the pipeline. */
export interface IncomingPage {
  readonly records: readonly unknown[];
  readonly rejected: readonly RejectedRecord[];
  /** Committed together with what the page produced. */
  readonly checkpoint: Checkpoint | undefined;
}

/** Takes pages in order, writes several at once, commits them in order. */
export interface Pipeline {
  /** Takes a page, and answers when there is room for the next. @throws ConnectorError when an earlier page failed. */
  readonly accept: (page: IncomingPage) => Promise<void>;
  /** Waits until all pages are committed. @throws ConnectorError when one failed. */
  readonly drain: () => Promise<void>;
  /** Waits until nothing is under way any more, whatever came of it. */
  readonly settle: () => Promise<void>;
}

interface PageUnderWay {
  readonly keys: ReadonlySet<string>;
  readonly written: Promise<WrittenPage>;
  /** The page once it has been written. */
  finished?: WrittenPage;
}

/**
 * Makes the pipeline of a run. Pages are committed strictly in the order in which they were read: the checkpoint stands
 * at the low watermark of finished pages, never beyond one that may still fail.
 */
export const pagePipeline = (context: RunContext, { pagesAtOnce }: { readonly pagesAtOnce: number }): Pipeline => {
  const { sync } = context;
  const underWay: PageUnderWay[] = [];

  // A page that failed stays the oldest: whoever asks again fails with it, and no page behind it is committed.
  let failed: Promise<never> | undefined;
  const commitFinished = async (): Promise<void> => {
    if (failed !== undefined) return failed;
    const [oldest] = underWay;
    if (oldest === undefined) return;
    try {
      await oldest.written;
      // A commit costs much more than the pages in it: those that are finished by now, in order, share one.
      const firstUnfinished = underWay.findIndex(({ finished }) => finished === undefined);
      const ready = underWay.slice(0, firstUnfinished === -1 ? undefined : firstUnfinished);
      await commitPages(
        context,
        ready.flatMap(({ finished }) => finished ?? []),
      );
      underWay.splice(0, ready.length);
    } catch (thrown) {
      failed = Promise.reject(thrown);
      failed.catch(() => {}); // reported to whoever asks
      throw thrown;
    }
  };
  const isUnderWay = (key: string) => underWay.some(({ keys }) => keys.has(key));

  return {
    accept: async (page) => {
      const given = [...page.records.map(sync.from.keyOf), ...page.rejected.map(({ key }) => key)];
      const keys = new Set(given.filter((key) => key !== undefined));
      // A record that is being written is decided on the link that this write leaves behind, and one that was set aside
      // is cleared by a later commit than the one that set it aside.
      while ([...keys].some(isUnderWay)) await commitFinished();
      const entry: PageUnderWay = { keys, written: writePage(context, page) };
      const finish = (written: WrittenPage) => {
        entry.finished = written;
      };
      entry.written.then(finish, () => {}); // a failure is reported when its turn to be committed comes
      underWay.push(entry);
      while (underWay.length >= pagesAtOnce) await commitFinished();
    },
    drain: async () => {
      while (underWay.length > 0) await commitFinished();
    },
    settle: async () => {
      await Promise.allSettled(underWay.map(({ written }) => written));
    },
  };
};

const writePage = async (context: RunContext, { checkpoint, ...page }: IncomingPage): Promise<WrittenPage> => {
  const { sync, writeSignal } = context;
  const decision = await decidePage(context, page);
  const { upsert } = sync.to;
  if (upsert === undefined) throw connectorError('invalid-definition', `${sync.to.id} has no upsert`);
  const results = await writeAll(upsert, { writes: decision.writes, signal: writeSignal });
  return { decision, results, checkpoint };
};
