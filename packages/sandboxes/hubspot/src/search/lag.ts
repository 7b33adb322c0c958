import type { HubSpotState } from '../types.ts';

const columns = 'type, id, properties, created_at, updated_at, archived_at';

/** Whether the lagging index holds every object; lost as soon as something is written without a lag. */
export type SearchIndex = { ready: boolean };

/** Looks whether an opened database brings the index of a lagging search with it. */
export function openIndex(state: HubSpotState): void {
  if (state.settings.searchLagMs <= 0)
    state.database.raw.exec('DELETE FROM search_documents; DELETE FROM search_queue');
  state.index.ready = state.database.statement('SELECT 1 FROM search_documents LIMIT 1').get() !== undefined;
}

/** Before a write or a search: when the lag was just switched on, all that is there so far is taken for indexed. */
export function prepareIndex({ settings, index, database }: HubSpotState): boolean {
  const lagging = settings.searchLagMs > 0;
  if (lagging && !index.ready) {
    database.raw.exec(`DELETE FROM search_documents; DELETE FROM search_queue;
      INSERT INTO search_documents SELECT ${columns} FROM objects`);
  }
  index.ready = lagging;
  return lagging;
}

/** Takes over the versions whose time has come, and answers the table that a search reads. */
export function searchTable(state: HubSpotState): 'objects' | 'search_documents' {
  if (!prepareIndex(state)) return 'objects';
  const now = state.clock.now();
  const take = `INSERT OR REPLACE INTO search_documents SELECT ${columns} FROM search_queue WHERE due <= ? ORDER BY sequence`;
  state.database.statement(take).run(now);
  state.database.statement('DELETE FROM search_queue WHERE due <= ?').run(now);
  return 'search_documents';
}
