import type { QuotaLedger, SliceGrant, SliceRequest } from '@mortise/runtime';
import type { Session, SqliteDatabase } from '../sqlite/database.ts';
import { builder, type QuotaGrantRow } from './schema.ts';
import { type Statement, statementOf } from './statement.ts';

type Grant = Pick<QuotaGrantRow, 'slice' | 'granted'>;

const selectGrants: Statement<Grant> = statementOf(
  builder
    .selectFrom('quota_grant')
    .select(['slice', 'granted'])
    .where('name', '=', '')
    .where('slice', '>', 0)
    .where('slice', '<', 0)
    .orderBy('slice'),
);

const deleteOld = statementOf(builder.deleteFrom('quota_grant').where('name', '=', '').where('slice', '<=', 0));

const addGrant = statementOf(
  builder
    .insertInto('quota_grant')
    .values({ name: '', slice: 0, granted: 0 })
    .onConflict((conflict) =>
      conflict.columns(['name', 'slice']).doUpdateSet(({ ref, eb }) => ({
        granted: eb('quota_grant.granted', '+', ref('excluded.granted')),
      })),
    ),
);

/** The first slice in which the old grants that must go first have gone. */
const sliceWithRoom = (
  grants: readonly Grant[],
  { missing, windowSlices }: { missing: number; windowSlices: number },
) => {
  let freed = 0;
  for (const { slice, granted } of grants) {
    freed += granted;
    if (freed >= missing) return slice + windowSlices;
  }
  return undefined;
};

const grant = (session: Session, request: SliceRequest): SliceGrant => {
  const { name, slice, windowSlices, limit, want, atLeast } = request;
  session.run({ ...deleteOld, parameters: [name, slice - windowSlices] });
  // Later slices too: a process whose clock is ahead has used them.
  const between = [name, slice - windowSlices, slice + windowSlices];
  const grants = session.read({ ...selectGrants, parameters: between });
  const used = grants.reduce((sum, { granted }) => sum + granted, 0);
  const free = limit - used;
  const granted = free >= atLeast ? Math.min(want, free) : 0;
  if (granted > 0) session.run({ ...addGrant, parameters: [name, slice, granted] });
  const missing = atLeast - (free - granted);
  // Grants of this very slice go last of all, and may be all that there are.
  const nextSlice = missing <= 0 ? slice : (sliceWithRoom(grants, { missing, windowSlices }) ?? slice + windowSlices);
  return { granted, used: used + granted, nextSlice };
};

/**
 * The ledger of shared quotas: grants are made in one transaction each, and gone from the table once no window can hold
 * them any more.
 */
export const createQuotaLedger = (database: SqliteDatabase): QuotaLedger => ({
  take: (request) => database.exclusively((session) => grant(session, request)),
});
