/**
 * Takes every planned order from nothing, or from wherever an interrupted seed left it, to its state.
 *
 * Each round reads all orders once and sends each the mutations that lead on from the state it is in. An order is found
 * again by the reference in its shipping address, which is the first thing a new draft gets; a draft without anything
 * is one that an interrupted seed made, and is used again.
 */
import { logIn } from '../admin-client.mjs';
import { ACCOUNTS } from './customers.mjs';
import { slices } from './generator.mjs';
import { planOrders } from './order-plans.mjs';

/** Operations of one request: about half a second. */
const BATCH = 25;
/** Draft to Delivered takes five rounds. */
const MAXIMUM_ROUNDS = 10;
const OUTCOME = '{ __typename ... on ErrorResult { errorCode } }';
const SNAPSHOT = `{
  id state customer { id } shippingAddress { streetLine2 } lines { id quantity productVariant { id } }
  shippingLines { id } fulfillments { id state }
}`;

/** @typedef {import('../admin-client.mjs').Operation} Operation */

/** @returns {Operation} */
const transition = (id, state) => ({
  field: 'transitionOrderToState',
  arguments: { id: ['ID!', id], state: ['String!', state] },
  selection: OUTCOME,
});

/** A plain transition to Cancelled is refused while there are lines; this sets their quantities to 0. @returns {Operation} */
const cancellation = (orderId) => ({
  field: 'cancelOrder',
  arguments: { input: ['CancelOrderInput!', { orderId, cancelShipping: true, reason: 'Changed mind' }] },
  selection: OUTCOME,
});

/** @returns {Operation[]} whatever the draft still lacks */
function completeDraft(order, { plan, foundations }) {
  const orderId = ['ID!', order.id];
  const present = new Set(order.lines.map(({ productVariant }) => productVariant.id));
  const operations = plan.lines
    .filter(({ productVariantId }) => !present.has(productVariantId))
    .map((input) => ({
      field: 'addItemToDraftOrder',
      arguments: { orderId, input: ['AddItemToDraftOrderInput!', input] },
      selection: OUTCOME,
    }));
  if (!order.customer) {
    const list = { orderId, customerId: ['ID', plan.customerId] };
    operations.unshift({ field: 'setCustomerForDraftOrder', arguments: list, selection: OUTCOME });
  }
  if (order.shippingLines.length === 0) {
    const list = { orderId, shippingMethodId: ['ID!', foundations.shippingMethodId] };
    operations.push({ field: 'setDraftOrderShippingMethod', arguments: list, selection: OUTCOME });
  }
  return operations;
}

/** Draft, on to ArrangingPayment where the plan goes further: those mutations need no id that is not known yet. */
function fromDraft(order, context) {
  const operations = completeDraft(order, context);
  const { state, paid } = context.plan;
  if (state === 'Draft') return operations;
  if (state === 'Cancelled' && !paid) return [...operations, cancellation(order.id)];
  return [...operations, transition(order.id, 'ArrangingPayment'), ...fromArrangingPayment(order, context)];
}

function fromArrangingPayment(order, { plan, foundations }) {
  if (plan.state === 'ArrangingPayment' || plan.state === 'PaymentAuthorized') return [];
  if (plan.state === 'AddingItems') return [transition(order.id, 'AddingItems')];
  // Without metadata, which the schema calls optional, SQLite refuses the row.
  const payment = { method: foundations.paymentMethodCode, transactionId: `bank-${order.id}`, metadata: {} };
  const input = { orderId: order.id, ...payment };
  const list = { input: ['ManualPaymentInput!', input] };
  return [{ field: 'addManualPaymentToOrder', arguments: list, selection: OUTCOME }];
}

/** A paid order is cancelled whole, or all its lines go into one parcel. */
function fromPaymentSettled(order, { plan }) {
  if (plan.state === 'PaymentSettled') return [];
  if (plan.state === 'Cancelled') return [cancellation(order.id)];
  if (order.fulfillments?.length > 0) return moveParcel(order, 'Shipped');
  const input = {
    lines: order.lines.map(({ id, quantity }) => ({ orderLineId: id, quantity })),
    handler: { code: 'manual-fulfillment', arguments: [{ name: 'method', value: 'Parcel' }] },
  };
  return [{ field: 'addFulfillmentToOrder', arguments: { input: ['FulfillOrderInput!', input] }, selection: OUTCOME }];
}

const moveParcel = (order, state) =>
  order.fulfillments.map(({ id }) => ({
    field: 'transitionFulfillmentToState',
    arguments: { id: ['ID!', id], state: ['String!', state] },
    selection: OUTCOME,
  }));

const NEXT = {
  Draft: fromDraft,
  ArrangingPayment: fromArrangingPayment,
  PaymentSettled: fromPaymentSettled,
  Shipped: (order, { plan }) => (plan.state === 'Delivered' ? moveParcel(order, 'Delivered') : []),
};

/** @returns {Promise<{ byReference: Map<string, any>, blank: string[] }>} blank: ids of drafts without anything */
async function readOrders(client) {
  const rows = await client.listAll({ field: 'orders', selection: SNAPSHOT });
  const isBlank = ({ state, customer, lines, shippingAddress }) =>
    state === 'Draft' && !customer && lines.length === 0 && !shippingAddress?.streetLine2;
  return {
    byReference: new Map(rows.map((order) => [order.shippingAddress?.streetLine2, order])),
    blank: rows.filter(isBlank).map(({ id }) => id),
  };
}

/** Gives every plan an order with its reference. */
async function ensureDrafts(client, plans) {
  const { byReference, blank } = await readOrders(client);
  const missing = plans.filter(({ reference }) => !byReference.has(reference));
  const creation = { field: 'createDraftOrder', arguments: {}, selection: '{ id }' };
  for (const slice of slices(missing, BATCH)) {
    const reused = blank.splice(0, slice.length);
    const created = await client.mutate(Array.from({ length: slice.length - reused.length }, () => creation));
    const ids = [...reused, ...created.map(({ id }) => id)];
    const operations = slice.map(({ address }, index) => ({
      field: 'setDraftOrderShippingAddress',
      arguments: { orderId: ['ID!', ids[index]], input: ['CreateAddressInput!', address] },
      selection: '{ id }',
    }));
    await client.mutate(operations);
  }
}

/**
 * One account pays for its active orders, one after another: which of them is active is Vendure's choice.
 * @param {{ url: string, username: string, password: string, count: number, method: string }} options
 */
async function authorizePayments({ url, username, password, count, method }) {
  const shop = await logIn({ url, username, password });
  const argument = { input: ['PaymentInput!', { method, metadata: {} }] };
  for (let index = 0; index < count; index += 1) {
    await shop.mutate([{ field: 'addPaymentToOrder', arguments: argument, selection: OUTCOME }]);
  }
}

/** @returns {Promise<boolean>} whether any order waited for the payment of its account */
async function authorizeAll({ waiting, customers, shopUrl, password, method }) {
  for (const { id, plan } of customers.slice(0, ACCOUNTS)) {
    const count = waiting.filter(({ customerId }) => customerId === id).length;
    if (count === 0) continue;
    await authorizePayments({ url: shopUrl, username: plan.input.emailAddress, password, count, method });
  }
  return waiting.length > 0;
}

/** One round. @returns {Promise<boolean>} whether there was anything to do */
async function advance({ client, plans, context, step, onProgress }) {
  const { byReference } = await readOrders(client);
  const at = (plan) => byReference.get(plan.reference);
  const operations = plans.flatMap((plan) => NEXT[at(plan).state]?.(at(plan), { ...context, plan }) ?? []);
  let done = 0;
  for (const slice of slices(operations, BATCH)) {
    onProgress({ step, done, total: operations.length });
    await client.mutate(slice);
    done += slice.length;
  }
  const waiting = plans.filter((plan) => plan.state === 'PaymentAuthorized' && at(plan).state === 'ArrangingPayment');
  const method = context.foundations.paymentMethodCode;
  const paid = await authorizeAll({ ...context, waiting, method });
  return done > 0 || paid;
}

/**
 * Creates what is missing of the orders, and completes the others.
 * @param {import('../admin-client.mjs').Client} client
 * @param {{ foundations: import('./foundations.mjs').Foundations, customers: { id: string, plan: any }[],
 *   variantIds: string[], shopUrl: string, password: string, onProgress: Function }} options
 * @throws {Error} when Vendure refuses a step
 */
export async function seedOrders(client, { foundations, customers, variantIds, shopUrl, password, onProgress }) {
  const plans = planOrders({ customers, variantIds, accounts: ACCOUNTS });
  await ensureDrafts(client, plans);
  const context = { foundations, customers, shopUrl, password };
  for (let round = 1; round <= MAXIMUM_ROUNDS; round += 1) {
    const step = `orders, round ${round}`;
    if (await advance({ client, plans, context, step, onProgress })) continue;
    onProgress({ step: 'orders', done: plans.length, total: plans.length });
    return;
  }
  throw new Error('The orders did not reach their states: remove the database file and seed again.');
}
