// One contender in a process of its own: told by messages which line to run, it answers with what that took.
import { clients } from './clients.ts';

/** A line of the table, as a contender is told to run it. */
export interface Order {
  readonly url: string;
  readonly atOnce: number;
  readonly milliseconds: number;
  /** The line asks for what fails; the contender must throw. */
  readonly fails: boolean;
  /** Each lane asks for a path of its own, so that the server can tell them apart. */
  readonly byLane: boolean;
}

const get = await clients[process.argv[2] ?? '']?.();
if (get === undefined) throw new Error(`there is no contender '${process.argv[2]}'`);

const once = async ({ url, fails }: Pick<Order, 'url' | 'fails'>): Promise<void> => {
  let answer: unknown;
  try {
    answer = await get(url);
  } catch (error) {
    if (!fails) throw error;
    return;
  }
  if (fails || typeof answer !== 'object' || answer === null) throw new Error(`${url} gave an unexpected answer`);
};

/** Keeps so many requests under way for so long. Gives their number. */
const runFor = async (order: Order, milliseconds: number): Promise<number> => {
  const end = performance.now() + milliseconds;
  let requests = 0;
  const lane = async (_: unknown, number: number) => {
    const asked = order.byLane ? { ...order, url: `${order.url}/${number}` } : order;
    while (performance.now() < end) {
      await once(asked);
      requests += 1;
    }
  };
  await Promise.all(Array.from({ length: order.atOnce }, lane));
  return requests;
};

process.on('message', async (order: Order) => {
  await runFor(order, order.milliseconds / 5);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const requests = await runFor(order, order.milliseconds);
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  process.send?.({ requests, seconds, cpuMicroseconds: user + system });
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
