import type { Operation } from './call.ts';
import { search, searchMoreWithId } from './search.ts';
import { deleteMany, deleteOne, writeMany, writeOne } from './write.ts';

/** The operations of the endpoint, by the name of their request element. */
export const operations: Readonly<Record<string, Operation>> = {
  search,
  searchMoreWithId,
  add: writeOne('add'),
  update: writeOne('update'),
  upsert: writeOne('upsert'),
  addList: writeMany('add'),
  updateList: writeMany('update'),
  upsertList: writeMany('upsert'),
  delete: deleteOne,
  deleteList: deleteMany,
};
