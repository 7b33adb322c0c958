/** What is known, or heard, of one record. */
export interface RecordVersion {
  /** Rises with each change of the record: its version, or Unix milliseconds of the change. */
  readonly version: number;
  readonly isDeleted: boolean;
}

/**
 * Whether what arrives replaces what is kept. Deliveries come in any order: an update before its create counts as the
 * create, an old one after a newer one for nothing, and a deletion stays against every change that is not later than
 * itself. Keep the version of deleted records as well (a tombstone), or a late update brings them back.
 * @example
 * ```ts
 * import { isNewer } from '@mortise/runtime/webhooks';
 * isNewer({ version: 2, isDeleted: false }, { version: 3, isDeleted: true }); // false
 * ```
 */
export const isNewer = (arriving: RecordVersion, kept: RecordVersion | undefined): boolean => {
  if (kept === undefined || arriving.version > kept.version) return true;
  // Of a change and a deletion with one stamp, the deletion was last: nothing changes what is gone.
  return arriving.version === kept.version && arriving.isDeleted && !kept.isDeleted;
};
