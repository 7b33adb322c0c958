/**
 * What a shop needs before it can sell: countries, a zone, taxes, shipping, payment, two stock locations.
 */

const COUNTRIES = {
  GR: 'Greece',
  UA: 'Ukraine',
  BG: 'Bulgaria',
  JP: 'Japan',
  EG: 'Egypt',
  CN: 'China',
  IN: 'India',
  KR: 'South Korea',
  FR: 'France',
  DE: 'Germany',
  ES: 'Spain',
  PL: 'Poland',
  SE: 'Sweden',
  VN: 'Vietnam',
  IE: 'Ireland',
};
const ZONE = 'Everywhere';
const TAX_CATEGORY = 'Standard';
const TAX_RATE = 'Standard rate';
const SHIPPING = 'standard-shipping';
const PAYMENT = 'pay-later';
const LOCATIONS = ['Central warehouse', 'Harbour shop'];

const english = (name) => [{ languageCode: 'en', name, description: '' }];
const handler = (code, values) => ({
  code,
  arguments: Object.entries(values).map(([name, value]) => ({ name, value: String(value) })),
});

const CURRENT = `{
  countries(options: { take: 1000 }) { items { id code } }
  zones(options: { take: 1000 }) { items { id name } }
  taxCategories(options: { take: 1000 }) { items { id name } }
  taxRates(options: { take: 1000 }) { items { id name } }
  shippingMethods(options: { take: 1000 }) { items { id code } }
  paymentMethods(options: { take: 1000 }) { items { id code } }
  stockLocations(options: { take: 1000, sort: { id: ASC } }) { items { id name } }
  activeChannel { id defaultCurrencyCode defaultTaxZone { id } }
}`;

/**
 * Creates one thing where it is missing, and returns its id.
 * @param {import('../admin-client.mjs').Client} client
 */
async function ensure(client, { items, match, field, type, input }) {
  const found = items.find(match);
  if (found) return found.id;
  const [created] = await client.mutate([{ field, arguments: { input: [type, input] }, selection: '{ id }' }]);
  return created.id;
}

async function ensureCountries(client, items) {
  const ids = [];
  for (const [code, name] of Object.entries(COUNTRIES)) {
    const input = { code, enabled: true, translations: [{ languageCode: 'en', name }] };
    const match = (country) => country.code === code;
    ids.push(await ensure(client, { items, match, field: 'createCountry', type: 'CreateCountryInput!', input }));
  }
  return ids;
}

/** Prices are in euro, without tax. The channel is changed last: its zone says that the others are there. */
async function ensureChannel(client, { channel, zoneId }) {
  if (channel.defaultTaxZone?.id === zoneId) return;
  const zones = { defaultTaxZoneId: zoneId, defaultShippingZoneId: zoneId };
  const input = { id: channel.id, ...zones, defaultCurrencyCode: 'EUR', availableCurrencyCodes: ['EUR'] };
  const selection = '{ __typename ... on ErrorResult { errorCode } }';
  await client.mutate([{ field: 'updateChannel', arguments: { input: ['UpdateChannelInput!', input] }, selection }]);
}

async function ensureTaxes(client, { current, zoneId }) {
  const taxCategoryId = await ensure(client, {
    items: current.taxCategories.items,
    match: ({ name }) => name === TAX_CATEGORY,
    field: 'createTaxCategory',
    type: 'CreateTaxCategoryInput!',
    input: { name: TAX_CATEGORY, isDefault: true },
  });
  await ensure(client, {
    items: current.taxRates.items,
    match: ({ name }) => name === TAX_RATE,
    field: 'createTaxRate',
    type: 'CreateTaxRateInput!',
    input: { name: TAX_RATE, enabled: true, value: 20, categoryId: taxCategoryId, zoneId },
  });
  return taxCategoryId;
}

/** Payments of this method are authorised only: settling is a step of its own, as in a real shop. */
async function ensureMethods(client, current) {
  const shippingMethodId = await ensure(client, {
    items: current.shippingMethods.items,
    match: ({ code }) => code === SHIPPING,
    field: 'createShippingMethod',
    type: 'CreateShippingMethodInput!',
    input: {
      code: SHIPPING,
      fulfillmentHandler: 'manual-fulfillment',
      checker: handler('default-shipping-eligibility-checker', { orderMinimum: 0 }),
      calculator: handler('default-shipping-calculator', { rate: 490, includesTax: 'auto', taxRate: 20 }),
      translations: english('Standard shipping'),
    },
  });
  await ensure(client, {
    items: current.paymentMethods.items,
    match: ({ code }) => code === PAYMENT,
    field: 'createPaymentMethod',
    type: 'CreatePaymentMethodInput!',
    input: {
      code: PAYMENT,
      enabled: true,
      handler: handler('dummy-payment-handler', { automaticSettle: false }),
      translations: english('Pay later'),
    },
  });
  return shippingMethodId;
}

/** Vendure makes one location of its own at its first start: it becomes the warehouse. */
async function ensureLocations(client, items) {
  const [warehouse, shop] = LOCATIONS;
  const [first] = items;
  if (first && !items.some(({ name }) => name === warehouse)) {
    const input = { id: first.id, name: warehouse };
    const argument = { input: ['UpdateStockLocationInput!', input] };
    await client.mutate([{ field: 'updateStockLocation', arguments: argument, selection: '{ id }' }]);
    first.name = warehouse;
  }
  const ids = [];
  for (const name of [warehouse, shop]) {
    const match = (location) => location.name === name;
    const creation = { field: 'createStockLocation', type: 'CreateStockLocationInput!', input: { name } };
    ids.push(await ensure(client, { items, match, ...creation }));
  }
  return ids;
}

/**
 * @typedef {object} Foundations
 * @property {string} taxCategoryId
 * @property {string} shippingMethodId
 * @property {string} paymentMethodCode
 * @property {string[]} stockLocationIds
 */

/**
 * @param {import('../admin-client.mjs').Client} client
 * @returns {Promise<Foundations>}
 */
export async function ensureFoundations(client) {
  const current = await client.send(CURRENT);
  const memberIds = await ensureCountries(client, current.countries.items);
  const zoneId = await ensure(client, {
    items: current.zones.items,
    match: ({ name }) => name === ZONE,
    field: 'createZone',
    type: 'CreateZoneInput!',
    input: { name: ZONE, memberIds },
  });
  const taxCategoryId = await ensureTaxes(client, { current, zoneId });
  await ensureChannel(client, { channel: current.activeChannel, zoneId });
  const shippingMethodId = await ensureMethods(client, current);
  const stockLocationIds = await ensureLocations(client, current.stockLocations.items);
  return { taxCategoryId, shippingMethodId, paymentMethodCode: PAYMENT, stockLocationIds };
}
