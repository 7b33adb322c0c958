import hubspot, { prepare } from '@mortise/connector-hubspot';
import { describeError, env, open } from '@mortise/runtime';

const options = { credentials: { token: env('HUBSPOT_TOKEN') } };
await prepare(options); // once per account: creates the properties that upserts need
const crm = open(hubspot, options);
const order = {
  key: '1001',
  name: 'Order 1001',
  stage: 'closedwon',
  closedAt: new Date(),
  contactId: null,
  companyId: null,
};
const [outcome] = await crm.deals.model.upsert([{ ...order, amount: { amountMinor: 12990, currency: 'EUR' } }]);
if (outcome?.ok === false) console.error(describeError(outcome.error));
for await (const { records } of crm.contacts.model.list({ since: new Date('2026-11-01') })) console.log(records.length);
