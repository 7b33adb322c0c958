/**
 * 110 orders and the state that each shall end in.
 */
import { createGenerator } from './generator.mjs';

/** How many orders end in each state. Draft orders are those of an administrator, AddingItems those of a basket. */
const STATES = {
  Draft: 8,
  AddingItems: 8,
  ArrangingPayment: 10,
  PaymentAuthorized: 12,
  PaymentSettled: 36,
  Shipped: 12,
  Delivered: 16,
  Cancelled: 8,
};

/**
 * @typedef {object} OrderPlan
 * @property {string} reference second line of the shipping address: tells which order of the shop is which of the plan
 * @property {string} state the state to end in
 * @property {boolean} paid whether it was paid before it was cancelled
 * @property {string} customerId
 * @property {object} address
 * @property {{ productVariantId: string, quantity: number }[]} lines 1 to 5 different variants
 */

/** Every state is spread over the whole list, so that a short seed would still have them all. */
function spreadStates() {
  const entries = Object.entries(STATES).flatMap(([state, count]) =>
    Array.from({ length: count }, (_, index) => ({ state, at: (index + 0.5) / count, paid: index % 2 === 0 })),
  );
  return entries.sort((left, right) => left.at - right.at);
}

function planLines(random, variantIds) {
  const chosen = new Set();
  const count = random.pick([1, 1, 2, 2, 3, 4, 5]);
  while (chosen.size < count) chosen.add(random.pick(variantIds));
  return [...chosen].map((productVariantId) => ({ productVariantId, quantity: random.integer(1, 3) }));
}

/**
 * An authorised payment can only be made in the Shop API by a customer with a password, for the active order: those
 * orders belong to the accounts, and the accounts have no order that stays active.
 * @param {{ customers: { id: string, plan: any }[], variantIds: string[], accounts: number }} options
 * @returns {OrderPlan[]}
 */
export function planOrders({ customers, variantIds, accounts }) {
  const random = createGenerator(4_242);
  return spreadStates().map(({ state, paid }, index) => {
    const authorized = state === 'PaymentAuthorized';
    const customer = authorized ? customers[index % accounts] : random.pick(customers.slice(accounts));
    const { firstName, lastName } = customer.plan.input;
    const place = customer.plan.addresses[0] ?? { streetLine1: 'Main Street 1', city: 'Dublin', countryCode: 'IE' };
    const { defaultShippingAddress, defaultBillingAddress, ...plain } = place;
    const reference = `Delivery reference D-${String(index + 1).padStart(4, '0')}`;
    const address = { fullName: `${firstName} ${lastName}`, ...plain, streetLine2: reference };
    return { reference, state, paid, customerId: customer.id, address, lines: planLines(random, variantIds) };
  });
}
