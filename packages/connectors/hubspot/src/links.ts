import { z } from 'zod';
import type { Row } from './answers.ts';
import { targetsOf } from './associations.ts';
import type { Link, ObjectKind } from './object-kind.ts';
import type { HubSpotCall } from './vendor.ts';

const Associated = z.object({
  results: z.array(z.object({ id: z.string() })),
  paging: z.object({ next: z.object({ after: z.string() }).optional() }).optional(),
});

const AssociatedRow = z.object({ associations: z.record(z.string(), Associated).optional() });

/** Ids that the links of a record have: the record's `associations` in the connector's own form. */
export type LinkedIds = Readonly<Record<string, string | null>>;

/** The row with its links where the connector's wire record has them. */
export const withLinks = (row: Row, associations: LinkedIds): Row => ({ ...row, associations });

const isLower = (one: string, other: string): boolean =>
  one.length === other.length ? one < other : one.length < other.length;

/** Of several ids the lowest, by which links are one: HubSpot's own order differs between its endpoints. */
export const chosenTarget = (ids: readonly string[] = []): string | null =>
  ids.reduce<string | null>((lowest, id) => (lowest === null || isLower(id, lowest) ? id : lowest), null);

/** The associations that a GET answered, by type; undefined where there are more of them than it answered. */
const answeredTargets = (row: Row, { to }: Link): readonly string[] | undefined => {
  const parsed = AssociatedRow.safeParse(row);
  const found = parsed.success ? parsed.data.associations?.[to] : undefined;
  if (!parsed.success || found?.paging?.next !== undefined) return undefined;
  return found?.results.map(({ id }) => id) ?? [];
};

/** Folds the associations that a GET answered into the record; reads those on where it did not answer all. */
export const foldLinks = async (
  call: HubSpotCall,
  kind: ObjectKind,
  { rows }: { readonly rows: readonly Row[] },
): Promise<readonly Row[]> => {
  if (kind.links.length === 0) return rows;
  const cut = rows.filter((row) => kind.links.some((link) => answeredTargets(row, link) === undefined));
  const completed = new Map((await completeLinks(call, kind, { rows: cut })).map((row) => [row.id, row]));
  return rows.map((row) => {
    const ids = kind.links.map((link) => [link.field, chosenTarget(answeredTargets(row, link))] as const);
    return completed.get(row.id) ?? withLinks(row, Object.fromEntries(ids));
  });
};

/** Completes rows that came without associations: searches and batches never have any. */
export const completeLinks = async (
  call: HubSpotCall,
  kind: ObjectKind,
  { rows }: { readonly rows: readonly Row[] },
): Promise<readonly Row[]> => {
  if (kind.links.length === 0 || rows.length === 0) return rows;
  const ids = rows.map(({ id }) => id);
  const read = async ({ field, to }: Link) => ({
    field,
    targets: await targetsOf(call, { from: kind.type, to }, { ids }),
  });
  const found = await Promise.all(kind.links.map(read));
  return rows.map((row) => {
    const links = found.map(({ field, targets }) => [field, chosenTarget(targets.get(row.id))] as const);
    return withLinks(row, Object.fromEntries(links));
  });
};
