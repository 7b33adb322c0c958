import { connectorError, type ItemOutcome, type ListedPage } from '@mortise/runtime';
import { z } from 'zod';
import { ObjectPage, parseAnswer, type Row } from './answers.ts';
import { associate, associationPath, type Direction, pairKey, targetsOf } from './associations.ts';
import { objectPath } from './object-kind.ts';
import { type HubSpotCall, hubspot } from './vendor.ts';
import { vendorFacts } from './vendor-facts.ts';

/** An association of two objects. Its id is made of theirs. */
export const AssociationWire = z
  .object({ id: z.string(), fromId: z.string().min(1), toId: z.string().min(1) })
  .meta({ title: 'HubSpot association' });

/**
 * All associations of one kind, as a resource: an association that comes or goes changes no stamp of the objects, so
 * that only a reading of all of them sees it.
 */
export const associationsOf = (name: string, direction: Direction) => {
  const { from, to } = direction;
  const own = { from: vendorFacts.scopes[from], to: vendorFacts.scopes[to] };
  const read = [...new Set([own.from.read[0], own.to.read[0]])];
  const write = [...new Set([own.from.write[0], own.to.write[0]])];
  return hubspot.resource({
    record: AssociationWire,
    key: 'id',
    changes: 'none',
    permissions: { list: read, upsert: write, remove: write },
    list: (call, { cursor, pageSize = vendorFacts.limits.listPage }) =>
      listPairs(call, direction, { cursor, limit: Math.min(Math.max(1, pageSize), vendorFacts.limits.listPage) }),
    upsert: {
      effect: 'idempotent',
      max: vendorFacts.limits.batchInputs,
      run: async (call, pairs) => {
        const refused = await associate(call, { ...direction, operation: `${name}.upsert`, pairs });
        return pairs.map(({ fromId, toId }): ItemOutcome<z.output<typeof AssociationWire>> => {
          const id = pairKey({ fromId, toId });
          const error = refused.get(id);
          return error === undefined ? { ok: true, record: { id, fromId, toId } } : { ok: false, error };
        });
      },
    },
    remove: {
      effect: 'idempotent',
      run: async (call, id) => {
        const [fromId, toId, ...rest] = id.split(':');
        if (!fromId || !toId || rest.length > 0) {
          throw connectorError('invalid-request', "an association is removed by its id, '<from>:<to>'");
        }
        const body = { inputs: [{ from: { id: fromId }, to: [{ id: toId }] }] };
        const path = associationPath(direction, 'archive');
        await call.transports.rest.send({ method: 'POST', path, body, effect: 'idempotent' });
      },
    },
  });
};

/** The ids alone, a page of objects at a time, and the associations of that page in one batch. */
async function* listPairs(
  call: HubSpotCall,
  direction: Direction,
  { cursor, limit }: { readonly cursor: string | undefined; readonly limit: number },
): AsyncGenerator<ListedPage> {
  let after = cursor;
  do {
    const query = { properties: 'hs_object_id', limit, after };
    const path = objectPath({ type: direction.from });
    const { body } = await call.transports.rest.send({ method: 'GET', path, query });
    const { results, paging } = parseAnswer(ObjectPage, body);
    const next = paging?.next?.after;
    if (next !== undefined && next === after) {
      throw connectorError('unexpected-content', 'the pages of the list lead back to one already read');
    }
    after = next;
    yield { records: await pairsOf(call, direction, { rows: results }), next };
  } while (after !== undefined);
}

const pairsOf = async (call: HubSpotCall, direction: Direction, { rows }: { readonly rows: readonly Row[] }) => {
  const ids = rows.map(({ id }) => id);
  const targets = await targetsOf(call, direction, { ids });
  return ids.flatMap((fromId) =>
    (targets.get(fromId) ?? []).map((toId) => ({ id: pairKey({ fromId, toId }), fromId, toId })),
  );
};
