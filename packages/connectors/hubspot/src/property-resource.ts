import type { ListedPage } from '@mortise/runtime';
import { z } from 'zod';
import { parseAnswer } from './answers.ts';
import type { ObjectType } from './object-kind.ts';
import { type HubSpotCall, hubspot } from './vendor.ts';
import { apiVersion, vendorFacts } from './vendor-facts.ts';

const PropertyDefinition = z.object({
  name: z.string(),
  label: z.string().optional(),
  description: z.string().optional(),
  groupName: z.string().optional(),
  type: z.string().optional(),
  fieldType: z.string().optional(),
  hasUniqueValue: z.boolean().optional(),
});

const Definitions = z.object({ results: z.array(z.unknown()) });

/** The property definitions of an object type, as a resource. */
export const propertiesOf = (type: ObjectType) => {
  const path = `crm/properties/${apiVersion}/${type}`;
  return hubspot.resource({
    record: PropertyDefinition,
    key: 'name',
    changes: 'none',
    // The only type whose scopes are documented.
    permissions:
      type === 'deals' ? { list: vendorFacts.scopes.schemas.read, create: vendorFacts.scopes.schemas.write } : {},
    list: async function* (call: HubSpotCall): AsyncGenerator<ListedPage> {
      const { body } = await call.transports.rest.send({ method: 'GET', path });
      yield { records: parseAnswer(Definitions, body).results };
    },
    create: {
      // The name is the key: a second creation is refused with 409.
      effect: 'external-id',
      max: 1,
      run: async (call, [body]) => {
        const answer = await call.transports.rest.send({ method: 'POST', path, body, effect: 'external-id' });
        return [{ ok: true, record: answer.body, created: true }];
      },
    },
  });
};
