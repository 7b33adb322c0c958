import vendure from '@mortise/connector-vendure';
import { env, open } from '@mortise/runtime';

const shop = open(vendure, {
  settings: { url: 'https://shop.example.com/admin-api', orderLookbackDays: 90 },
  credentials: { username: 'mortise', password: env('VENDURE_PASSWORD') },
});
for await (const { records } of shop.orders.model.list({ since: new Date('2026-11-01') })) {
  for (const { number, state, total } of records) console.log(number, state, total.amountMinor, total.currency);
}
await shop.stockLevels.model.update('12/1', { onHand: 40 }); // variant 12 at location 1
