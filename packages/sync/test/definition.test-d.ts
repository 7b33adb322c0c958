// What the compiler infers and refuses of a sync. Compiled by the type check, never run.
import type { LiveConnector } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';
import { defineSync } from '../src/index.ts';
import type { crmConnector, shopConnector } from './support/connectors.ts';

type Live<C> = C extends { readonly resources: infer Resources } ? LiveConnector<Resources> : never;

export const refused = (shop: Live<typeof shopConnector>, crm: Live<typeof crmConnector>) => {
  const Shop = z.object({ key: z.string(), name: z.string(), parentId: z.union([z.string(), z.number()]).nullable() });
  const Crm = z.object({ key: z.string(), name: z.string(), parentId: z.string().nullable() });
  const map = mapping(Shop, Crm, {
    key: { from: 'key', access: 'read' },
    name: { from: 'name', access: 'read' },
    parentId: { compute: ({ parentId }) => (parentId === null ? null : String(parentId)), uses: ['parentId'] },
  });
  defineSync({ name: 'customers', from: shop.customers, to: crm.contacts, map });
  // @ts-expect-error a source that cannot list
  defineSync({ name: 'customers', from: crm.contacts, to: crm.contacts });
  // @ts-expect-error a destination that cannot upsert
  defineSync({ name: 'customers', from: shop.customers, to: shop.customers });
  // @ts-expect-error the models differ, and there is no map
  defineSync({ name: 'customers', from: shop.customers, to: crm.contacts });
  const short = mapping(Shop, z.object({ key: z.string() }), { key: { from: 'key', access: 'read' } });
  // @ts-expect-error a map to another model
  defineSync({ name: 'customers', from: shop.customers, to: crm.contacts, map: short });
  // @ts-expect-error a reference in a field that the destination does not write
  defineSync({ name: 'customers', from: shop.customers, to: crm.contacts, map, references: { parent: undefined } });
};
