import shopify from '@mortise/connector-shopify';
import { open } from '@mortise/runtime';
import { startShopifySandbox } from '@mortise/sandbox-shopify';

const sandbox = await startShopifySandbox({ seed: 7 }); // a stand-in; without it leave `origin` out
const shop = open(shopify, {
  settings: { shop: 'my-store.myshopify.com', origin: sandbox.url },
  credentials: { accessToken: 'sandbox-token' },
});
for await (const { records } of shop.variants.model.list()) for (const { sku, name } of records) console.log(sku, name);
await sandbox.close();
