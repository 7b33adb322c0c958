import { refuseUnwritable, writeRecords } from './batches.ts';
import { idempotencyKey } from './idempotency-key.ts';
import type { BatchWrite, WriteOptions } from './operations.ts';
import { withinStep } from './step-limit.ts';
import { type AnyWriteCall, callFor, parsedOrThrown, type WireOperations, type WriteParts } from './wire-operations.ts';

type Writes = Pick<WireOperations, 'create' | 'update' | 'upsert' | 'remove'>;

/** The writes that a resource has: cut into requests of the vendor's size, their answers parsed. */
export const writeOperations = (parts: WriteParts): Writes => {
  const { given, parse, perform, binding } = parts;
  const { create, upsert, update, remove } = given;
  const keyFor = (options: WriteOptions | undefined) => options?.idempotencyKey ?? idempotencyKey(binding.random);
  const batched =
    (operation: string, write: BatchWrite<unknown, unknown, unknown>) =>
    (records: readonly unknown[], options?: WriteOptions) =>
      perform(operation, () => writeRecords({ ...parts, operation, write, records, options, key: keyFor(options) }));
  const single = <Value>(
    { operation, options }: { operation: string; options: WriteOptions | undefined },
    run: (call: AnyWriteCall) => Promise<Value>,
  ) =>
    perform(operation, () => {
      const key = keyFor(options);
      const call = callFor(binding, operation, { ...options, idempotencyKey: key });
      return withinStep(run({ ...call, idempotencyKey: key }), binding, 'unknown-outcome');
    });
  return {
    ...(create && { create: batched('create', create) }),
    ...(upsert && { upsert: batched('upsert', upsert) }),
    ...(update && {
      update: (id: string, change: object, options?: WriteOptions) =>
        single({ operation: 'update', options }, async (call) => {
          refuseUnwritable(change);
          return parsedOrThrown(parse, await update.run(call, { id, change }));
        }),
    }),
    ...(remove && {
      remove: (id: string, options?: WriteOptions) =>
        single({ operation: 'remove', options }, (call) => remove.run(call, id)),
    }),
  };
};
