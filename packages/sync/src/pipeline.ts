import { connectorError, type RejectedRecord } from '@mortise/runtime';
import type { Checkpoint } from '@mortise/store';
import { decidePage } from './decision.ts';
import { commitPage, type RunContext, type WrittenPage } from './page-commit.ts';
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
  /** Takes a page as soon as there is room. @throws ConnectorError when an earlier page failed. */
  readonly accept: (page: IncomingPage) => Promise<void>;
  /** Waits until all pages are committed. @throws ConnectorError when one failed. */
  readonly drain: () => Promise<void>;
  /** Waits until nothing is under way any more, whatever came of it. */
  readonly settle: () => Promise<void>;
}

interface PageUnderWay {
  readonly keys: ReadonlySet<string | undefined>;
  readonly written: Promise<WrittenPage>;
}

/**
 * Makes the pipeline of a run. Pages are committed strictly in the order in which they were read: the checkpoint stands
 * at the low watermark of finished pages, never beyond one that may still fail.
 */
export const pagePipeline = (context: RunContext, { pagesAtOnce }: { readonly pagesAtOnce: number }): Pipeline => {
  const { sync } = context;
  const underWay: PageUnderWay[] = [];

  const commitOldest = async (): Promise<void> => {
    const oldest = underWay[0];
    if (oldest === undefined) return;
    const page = await oldest.written;
    await commitPage(context, page);
    underWay.shift();
  };
  const isUnderWay = (key: string | undefined) => underWay.some(({ keys }) => keys.has(key));

  return {
    accept: async (page) => {
      const keys = new Set(page.records.map(sync.from.keyOf));
      // A record that is being written is decided on the link that this write leaves behind.
      while (underWay.length >= pagesAtOnce || [...keys].some(isUnderWay)) await commitOldest();
      const written = writePage(context, page);
      written.catch(() => {}); // reported when its turn to be committed comes
      underWay.push({ keys, written });
    },
    drain: async () => {
      while (underWay.length > 0) await commitOldest();
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
