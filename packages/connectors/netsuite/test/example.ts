import netsuite from '@mortise/connector-netsuite';
import { describeError, env, open } from '@mortise/runtime';

const certificate = {
  clientId: 'of the integration',
  certificateId: 'of the certificate',
  privateKey: env('NETSUITE_KEY'),
};
const erp = open(netsuite, { settings: { account: '123456_SB1', api: 'rest' }, credentials: { certificate } });
for await (const { records } of erp.stockLevels.model.list()) console.log(records.length);
const [outcome] = await erp.items.model.upsert([{ sku: '00123', name: 'Lamp', description: null, active: true }]);
if (outcome?.ok === false) console.error(describeError(outcome.error));
