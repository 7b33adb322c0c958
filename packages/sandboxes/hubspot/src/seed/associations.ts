import type { ObjectType, StoredObject } from '../types.ts';
import { createRandom, type Random } from './random.ts';

/** An association of a seed, by type and id of both ends. */
export type SeedAssociation = { from: { type: ObjectType; id: string }; to: { type: ObjectType; id: string } };

const directions: readonly (readonly [ObjectType, ObjectType])[] = [
  ['contacts', 'companies'],
  ['deals', 'contacts'],
  ['deals', 'companies'],
  ['line_items', 'deals'],
];

function targetsOf(random: Random, to: readonly StoredObject[], type: ObjectType): StoredObject[] {
  // A line belongs to one deal; of all others some have none and some have two.
  const count = type === 'line_items' ? 1 : random.whole(3);
  return Array.from({ length: count }, () => to[random.whole(to.length)]).filter((target) => target !== undefined);
}

/** The associations of a seed's records: the same records and number give the same ones. */
export function seedAssociations(objects: readonly StoredObject[], number: number): SeedAssociation[] {
  const live = objects.filter(({ archivedAt }) => archivedAt === null);
  return directions.flatMap(([from, to], index) => {
    const random = createRandom(number * 11 + index);
    const targets = live.filter(({ type }) => type === to);
    return live
      .filter(({ type }) => type === from)
      .flatMap((object) => targetsOf(random, targets, from).map((target) => ({ from: object, to: target })))
      .map((pair) => ({
        from: { type: pair.from.type, id: pair.from.id },
        to: { type: pair.to.type, id: pair.to.id },
      }));
  });
}
