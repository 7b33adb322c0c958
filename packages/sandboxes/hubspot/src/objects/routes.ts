import { searchObjects } from '../search/routes.ts';
import type { HubSpotRoute } from '../types.ts';
import { batchArchive, batchCreate, batchRead, batchUpdate, batchUpsert } from './batch.ts';
import { postMerge } from './merge.ts';
import { getObject, listObjects } from './read.ts';
import { deleteObject, patchObject, postObject } from './single.ts';

/** Bases of the objects API: legacy, and the two dated versions. v4 carries the legacy shape too. */
export const objectBases = ['/crm/v3/objects', '/crm/objects/2026-03', '/crm/objects/2026-09'] as const;

/** The objects API under every base. */
export const objectRoutes: HubSpotRoute[] = objectBases.flatMap((base): HubSpotRoute[] => [
  { method: 'GET', path: `${base}/{type}`, handle: listObjects },
  { method: 'POST', path: `${base}/{type}`, handle: postObject },
  { method: 'GET', path: `${base}/{type}/{id}`, handle: getObject },
  { method: 'PATCH', path: `${base}/{type}/{id}`, handle: patchObject },
  { method: 'DELETE', path: `${base}/{type}/{id}`, handle: deleteObject },
  { method: 'POST', path: `${base}/{type}/search`, handle: searchObjects },
  { method: 'POST', path: `${base}/{type}/merge`, handle: postMerge },
  { method: 'POST', path: `${base}/{type}/batch/create`, handle: batchCreate },
  { method: 'POST', path: `${base}/{type}/batch/read`, handle: batchRead },
  { method: 'POST', path: `${base}/{type}/batch/update`, handle: batchUpdate },
  { method: 'POST', path: `${base}/{type}/batch/upsert`, handle: batchUpsert },
  { method: 'POST', path: `${base}/{type}/batch/archive`, handle: batchArchive },
]);
