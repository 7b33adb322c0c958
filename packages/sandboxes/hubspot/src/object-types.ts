import { invalid } from './failure.ts';
import type { ObjectType } from './types.ts';

/** All object types. */
export const objectTypes: readonly ObjectType[] = ['contacts', 'companies', 'deals', 'products', 'line_items'];

const aliases: Record<string, ObjectType> = {
  contact: 'contacts',
  company: 'companies',
  deal: 'deals',
  product: 'products',
  line_item: 'line_items',
  '0-1': 'contacts',
  '0-2': 'companies',
  '0-3': 'deals',
  '0-7': 'products',
  '0-8': 'line_items',
};

const singulars: Record<ObjectType, string> = {
  contacts: 'contact',
  companies: 'company',
  deals: 'deal',
  products: 'product',
  line_items: 'line_item',
};

/** The type of a path segment: plural, singular or type id. Throws 400 for any other. */
export function objectTypeOf(segment: string | undefined): ObjectType {
  const name = (segment ?? '').toLowerCase();
  const found = objectTypes.find((type) => type === name) ?? (Object.hasOwn(aliases, name) ? aliases[name] : undefined);
  if (found === undefined) throw invalid(`Unable to infer object type from: ${name}`);
  return found;
}

/** 'contacts' -> 'contact'. */
export function singularOf(type: ObjectType): string {
  return singulars[type];
}

/** The property that holds the last change: the vendor names it differently for contacts. */
export function stampProperty(type: ObjectType): string {
  return type === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate';
}
