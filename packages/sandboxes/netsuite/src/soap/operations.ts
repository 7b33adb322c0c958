import { getItemAvailability } from './availability.ts';
import type { Operation } from './call.ts';
import { getDeleted } from './deleted.ts';
import { getDataCenterUrls, getMany, getOne, getServerTime } from './read.ts';
import { search, searchMoreWithId } from './search.ts';
import { deleteMany, deleteOne, writeMany, writeOne } from './write.ts';

/** The operations of the endpoint, by the name of their request element. */
export const operations: Readonly<Record<string, Operation>> = {
  search,
  searchMoreWithId,
  get: getOne,
  getList: getMany,
  getDeleted,
  getItemAvailability,
  getServerTime,
  getDataCenterUrls,
  add: writeOne('add'),
  update: writeOne('update'),
  upsert: writeOne('upsert'),
  addList: writeMany('add'),
  updateList: writeMany('update'),
  upsertList: writeMany('upsert'),
  delete: deleteOne,
  deleteList: deleteMany,
};
