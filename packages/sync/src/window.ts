import type { ResourcePort } from '@mortise/runtime';
import type { Checkpoint } from '@mortise/store';

/** What one run reads: everything, or what changed inside a closed window. */
export interface ReadWindow {
  readonly since: Date | undefined;
  /** Fixed when the window is opened, so that changes during the read belong to the next one. */
  readonly until: Date | undefined;
  /** Where an interrupted run left off inside the window. */
  readonly cursor: string | undefined;
  /** Highest change stamp seen inside the window so far, Unix milliseconds. */
  readonly highest: number | undefined;
  readonly watermark: string | undefined;
  /** The window was left open by an interrupted run. What has changed since lies behind it. */
  readonly resumed: boolean;
}

const instant = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

/**
 * Where to read. A run that was interrupted goes on inside its window; a new one begins below the watermark by the
 * vendor's granularity and lag, because records with an equal stamp or a late commit may lie there. What is read
 * twice is recognised by its fingerprint.
 */
export const openWindow = (
  checkpoint: Checkpoint | undefined,
  { source, nowMs }: { readonly source: ResourcePort; readonly nowMs: number },
): ReadWindow => {
  const { changes } = source;
  const watermark = checkpoint?.watermark;
  const left = checkpoint?.window;
  if (left !== undefined) {
    const highest = left.highest === undefined ? undefined : Date.parse(left.highest);
    const bounds = { since: instant(left.since), until: instant(left.until), cursor: checkpoint?.cursor };
    return { ...bounds, highest, watermark, resumed: true };
  }
  const fresh = { cursor: undefined, highest: undefined, watermark, resumed: false };
  const until = new Date(nowMs);
  if (changes === 'none' || watermark === undefined) {
    return { ...fresh, since: undefined, until };
  }
  const since = new Date(Date.parse(watermark) - changes.granularityMs - changes.lagMs);
  return { ...fresh, since, until };
};

/**
 * The higher of two stamps. One from beyond the window's end does not count: it would move the mark past changes that
 * are still to come. Nor is it held to that end, which is a time of our clock and not the vendor's.
 */
export const raise = (
  highest: number | undefined,
  stamp: number | undefined,
  window: ReadWindow,
): number | undefined => {
  if (stamp === undefined || !(stamp >= 0) || stamp > (window.until?.getTime() ?? latest)) return highest;
  return highest === undefined ? stamp : Math.max(highest, stamp);
};

/** Latest instant that a Date holds, Unix milliseconds. */
const latest = 8.64e15;

const isoText = (milliseconds: number | undefined): string | undefined =>
  milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();

/** The checkpoint behind a page inside the window. */
export const pageCheckpoint = (
  window: ReadWindow,
  { cursor, highest }: { cursor: string | undefined; highest: number | undefined },
): Checkpoint => ({
  ...(window.watermark !== undefined && { watermark: window.watermark }),
  window: {
    ...(window.since !== undefined && { since: window.since.toISOString() }),
    until: (window.until ?? new Date(0)).toISOString(),
    ...(highest !== undefined && { highest: new Date(highest).toISOString() }),
  },
  ...(cursor !== undefined && { cursor }),
});

/** The checkpoint behind a window that was read to its end. The watermark is the vendor's own stamp, and never falls. */
export const endCheckpoint = (window: ReadWindow, highest: number | undefined): Checkpoint => {
  const before = window.watermark === undefined ? undefined : Date.parse(window.watermark);
  const reached = highest === undefined ? before : Math.max(highest, before ?? highest);
  const watermark = isoText(reached);
  return watermark === undefined ? {} : { watermark };
};
