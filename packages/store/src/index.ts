export { type KeySources, keyFromEnvironment } from './encryption/key.ts';
export type { InboxLimits } from './inbox.ts';
export { type OpenStoreOptions, openStore } from './open-store.ts';
export type {
  Checkpoint,
  Commit,
  DeadLetter,
  DeadLetterQuery,
  JournalEntry,
  JournalQuery,
  Link,
  LinkChange,
  Parked,
  Store,
  StoredDeadLetter,
} from './store.ts';
