import { type Connector, defineVendor, type ListedPage, type ListRequest } from '@mortise/runtime';
import type { AnyConnector } from '../../../src/index.ts';
import { type Call, description, list, operations, vendorDefinition, webhooks } from '../reference/connector.ts';

/** What a broken connector has in the place of the reference's own. */
export interface Variation {
  readonly vendor?: object;
  readonly description?: object;
  readonly operations?: object;
  readonly without?: readonly (keyof typeof operations)[];
  readonly webhooks?: object;
}

/** Pages of a list. */
export type Pages = AsyncIterable<ListedPage>;

const lacking = (of: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(of).filter(([name]) => !names.includes(name)));

/** The reference with one thing changed. Types would refuse half of these mistakes: here they are made all the same. */
export const variation = ({ without = [], ...changed }: Variation): AnyConnector => {
  const vendor = defineVendor({ ...vendorDefinition, ...changed.vendor } as typeof vendorDefinition);
  const kept = { ...operations, ...changed.operations } as typeof operations;
  const described = { ...description, ...changed.description } as typeof description;
  const permissions = lacking(described.permissions, without);
  const things = vendor.resource({ ...described, permissions, ...(lacking(kept, without) as typeof operations) });
  const made = vendor.connector({ resources: { things }, webhooks: { ...webhooks, ...changed.webhooks } });
  return made as unknown as Connector;
};

/** The reference with another list. */
export const withList = (
  change: (pages: Pages, given: { readonly call: Call; readonly request: ListRequest }) => Pages,
): AnyConnector =>
  variation({
    operations: { list: (call: Call, request: ListRequest) => change(list(call, request), { call, request }) },
  });
