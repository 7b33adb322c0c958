import directus from '@mortise/connector-directus';
import { env, open } from '@mortise/runtime';

const stock = open(directus, {
  settings: { url: 'https://stock.example.com' },
  credentials: { token: env('DIRECTUS_TOKEN') },
});
const [outcome] = await stock.stockLevels.model.upsert([
  { sku: 'W-001', onHand: 40, locationName: 'Main', allocated: null },
]);
console.log(outcome?.ok);
for await (const change of stock.stockLevels.model.subscribe({ since: new Date('2026-11-01') })) {
  if (change.kind === 'changed') console.log(change.record.sku, change.record.onHand);
}
