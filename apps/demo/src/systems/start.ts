import type { OpenWith } from '../connections.ts';
import type { Stage } from '../demo.ts';
import type { Sides } from '../syncs.ts';
import { type RunningCrm, startCrm } from './crm.ts';
import { startDirectus } from './directus.ts';
import { startNetSuite } from './netsuite.ts';
import { startShopify } from './shopify.ts';
import type { InventorySide, RunningSystem, ShopSide } from './sides.ts';
import { startVendure } from './vendure.ts';

/** All systems of the demo, running. */
export interface RunningSystems {
  readonly crm: RunningCrm;
  /** Each of them, in the order in which they are told of. */
  readonly all: readonly RunningSystem<unknown>[];
  /** Opens a connection to each. */
  readonly connect: (options: OpenWith) => Sides;
  readonly stop: () => Promise<void>;
}

/**
 * Starts all at once, because servers take seconds. When one cannot start, the others are stopped.
 * @throws what kept the first one from starting; undefined when the user ended it.
 */
export const startSystems = async (stage: Stage): Promise<RunningSystems> => {
  const { flags, settings, state, terminal, lifetime } = stage;
  terminal.show('starting');
  const orFail = <Value>(start: Promise<Value>) => start.catch((reason: unknown) => lifetime.fail(reason));
  const [shop, crm, inventory] = await Promise.all([
    orFail(startShop(stage)),
    orFail(startCrm(settings.crm, { database: state.database('hubspot'), mayCreate: flags.prepare, lifetime })),
    orFail(startInventory(stage)),
  ]);
  const started = [shop, inventory, crm].filter((system) => system !== undefined);
  const stop = async () => {
    await Promise.all(started.map((system) => system.stop()));
  };
  if (shop && crm && !lifetime.signal.aborted) {
    const connect = (options: OpenWith) => ({
      shop: shop.connect(options),
      crm: crm.connect(options),
      crmWebhooks: crm.webhooks,
      inventory: inventory?.connect(options),
    });
    return { crm, all: started, connect, stop };
  }
  await stop();
  lifetime.throwIfFailed();
  throw undefined;
};

const startShop = ({ settings: { shop }, state, terminal, lifetime }: Stage): Promise<RunningSystem<ShopSide>> =>
  shop.kind === 'vendure'
    ? startVendure(shop.access, { database: state.database('shop'), terminal, lifetime })
    : startShopify({ database: state.database('shopify'), lifetime });

const startInventory = async ({
  settings: { inventory },
  state,
  terminal,
  lifetime,
}: Stage): Promise<RunningSystem<InventorySide> | undefined> => {
  if (inventory === 'none') return undefined;
  return inventory === 'directus'
    ? startDirectus({ folder: state.directus, terminal, lifetime })
    : startNetSuite({ database: state.database('netsuite'), lifetime });
};
