/**
 * 210 customers: unique e-mail addresses, every third without a phone number, households that share an address.
 */
import { createGenerator, slices } from './generator.mjs';
import { LOCALES } from './people.mjs';

const CUSTOMERS = 210;
/** The first customers have a password: they can pay in the Shop API. Hashing one costs a quarter of a second. */
export const ACCOUNTS = 4;
const BATCH = 15;
const DOMAINS = ['example.com', 'example.org', 'example.net'];

/**
 * @typedef {object} CustomerPlan
 * @property {{ firstName: string, lastName: string, emailAddress: string, title?: string, phoneNumber?: string }} input
 * @property {object[]} addresses inputs of createCustomerAddress: none, one or two
 */

/** @param {ReturnType<typeof createGenerator>} random @param {import('./people.mjs').Locale} locale */
function planPlace(random, locale) {
  const [city, postalCode] = random.pick(locale.cities);
  return { streetLine1: `${random.pick(locale.streets)} ${random.integer(1, 240)}`, city, postalCode };
}

/** Every tenth customer has no address, every seventh a second one; in each eight, the last three are a household. */
function planAddresses({ index, input, place, random, locale }) {
  if (index % 10 === 9) return [];
  const person = { fullName: `${input.firstName} ${input.lastName}`, countryCode: locale.country };
  const phone = input.phoneNumber ? { phoneNumber: input.phoneNumber } : {};
  const first = { ...person, ...phone, ...place, defaultShippingAddress: true, defaultBillingAddress: true };
  return index % 7 === 3 ? [first, { ...person, ...planPlace(random, locale), company: 'Office' }] : [first];
}

/** @returns {CustomerPlan[]} */
export function planCustomers() {
  const random = createGenerator(71);
  const plans = [];
  let household;
  for (let index = 0; index < CUSTOMERS; index += 1) {
    const inHousehold = index % 8 > 5 && household !== undefined;
    const locale = inHousehold ? household.locale : LOCALES[index % LOCALES.length];
    const place = inHousehold ? household.place : planPlace(random, locale);
    household = { locale, place };
    const [firstName, given] = random.pick(locale.given);
    const [lastName, family] = random.pick(locale.family);
    const input = { firstName, lastName, emailAddress: `${given}.${family}.${index + 1}@${DOMAINS[index % 3]}` };
    if (index % 5 === 0) input.title = random.pick(['Dr', 'Ms', 'Mr']);
    if (index % 3 !== 1) input.phoneNumber = `${locale.prefix} ${String(1000 + index)}`;
    plans.push({ input, addresses: planAddresses({ index, input, place, random, locale }) });
  }
  return plans;
}

/** @param {CustomerPlan} plan @param {string | undefined} password */
function creation({ input }, password) {
  return {
    field: 'createCustomer',
    arguments: { input: ['CreateCustomerInput!', input], ...(password ? { password: ['String', password] } : {}) },
    selection: '{ __typename ... on Customer { id emailAddress } ... on ErrorResult { errorCode } }',
  };
}

/** @returns {Promise<Map<string, { id: string, addresses: number }>>} by e-mail address */
async function listCustomers(client) {
  const selection = '{ id emailAddress addresses { id } }';
  const rows = await client.listAll({ field: 'customers', selection });
  return new Map(
    rows.map(({ id, emailAddress, addresses }) => [emailAddress, { id, addresses: addresses?.length ?? 0 }]),
  );
}

async function createMissing(client, { plans, found, password, onProgress }) {
  const missing = plans
    .map((plan, index) => creation(plan, index < ACCOUNTS ? password : undefined))
    .filter((operation) => !found.has(operation.arguments.input[1].emailAddress));
  for (const slice of slices(missing, BATCH)) {
    onProgress({ step: 'customers', done: found.size, total: plans.length });
    for (const { id, emailAddress } of await client.mutate(slice)) found.set(emailAddress, { id, addresses: 0 });
  }
}

/**
 * Creates what is missing of the customers and their addresses.
 * @param {import('../admin-client.mjs').Client} client
 * @param {{ password: string, onProgress: Function }} options password of the customers that have one
 * @returns {Promise<{ id: string, plan: CustomerPlan }[]>} in the order of the plan
 */
export async function seedCustomers(client, { password, onProgress }) {
  const plans = planCustomers();
  const found = await listCustomers(client);
  await createMissing(client, { plans, found, password, onProgress });
  const customers = plans.map((plan) => ({ plan, ...found.get(plan.input.emailAddress) }));
  const operations = customers.flatMap(({ id, plan, addresses }) =>
    plan.addresses.slice(addresses).map((input) => ({
      field: 'createCustomerAddress',
      arguments: { customerId: ['ID!', id], input: ['CreateAddressInput!', input] },
      selection: '{ id }',
    })),
  );
  let done = 0;
  for (const slice of slices(operations, BATCH)) {
    onProgress({ step: 'addresses', done, total: operations.length });
    await client.mutate(slice);
    done += slice.length;
  }
  onProgress({ step: 'customers', done: plans.length, total: plans.length });
  return customers.map(({ id, plan }) => ({ id, plan }));
}
