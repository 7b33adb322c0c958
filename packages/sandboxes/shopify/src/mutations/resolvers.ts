import { bulkOperationCancel, bulkOperationRunQuery } from '../bulk/operations.ts';
import type { Resolver } from '../graphql/execution.ts';
import { customerDelete, customerSet } from './customers.ts';
import { inventorySetQuantities } from './inventory.ts';
import { productDelete, productSet } from './products.ts';
import { webhookSubscriptionCreate, webhookSubscriptionDelete } from './webhooks.ts';

/** What the mutations do. */
export const mutationResolvers: Readonly<Record<string, Resolver>> = {
  'Mutation.productSet': productSet,
  'Mutation.productDelete': productDelete,
  'Mutation.customerSet': customerSet,
  'Mutation.customerDelete': customerDelete,
  'Mutation.inventorySetQuantities': inventorySetQuantities,
  'Mutation.bulkOperationRunQuery': bulkOperationRunQuery,
  'Mutation.bulkOperationCancel': bulkOperationCancel,
  'Mutation.webhookSubscriptionCreate': webhookSubscriptionCreate,
  'Mutation.webhookSubscriptionDelete': webhookSubscriptionDelete,
};
