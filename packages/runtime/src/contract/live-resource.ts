import { fieldReader, keyText, stampMilliseconds } from './field.ts';
import { modelOperations } from './model-view.ts';
import type { ResourcePort } from './port.ts';
import { readOperations } from './reads.ts';
import type { ResourceDefinition } from './resource.ts';
import { recordParser } from './schema.ts';
import { type Parse, performer, type ResourceBinding, type WireOperations } from './wire-operations.ts';
import { writeOperations } from './writes.ts';

/** Binds a resource definition to its connection: parses what is read, cuts batches, completes errors. */
export const liveResource = (definition: ResourceDefinition, given: ResourceBinding): object => {
  const { fields = [] } = definition;
  const binding = { ...given, fields };
  const parse: Parse = recordParser(definition.record);
  const { operations, changes } = definition;
  const settleMs = changes === 'none' ? 0 : changes.lagMs;
  const parts = { given: operations, parse, perform: performer(binding), binding, settleMs };
  const wire = { ...readOperations({ ...parts, keyOf: keyReader(definition) }), ...writeOperations(parts) };
  const port = resourcePort(definition, { binding, wire });
  return { ...wire, port, model: definition.mapping === undefined ? wire : modelOperations(wire, port) };
};

const keyReader = ({ key }: ResourceDefinition) => {
  const read = fieldReader(key);
  return (record: unknown) => keyText(read(record));
};

const resourcePort = (
  definition: ResourceDefinition,
  { binding, wire }: { binding: ResourceBinding; wire: WireOperations },
): ResourcePort => {
  const { changes, mapping, record, permissions, operations } = definition;
  const stamp = changes === 'none' ? undefined : fieldReader(changes.field);
  const same: Parse = (value) => ({ ok: true, value });
  const { upsert } = operations;
  return {
    id: `${binding.connection}.${binding.name}`,
    connection: binding.connection,
    record,
    changes,
    hasMapping: mapping !== undefined,
    permissions,
    access: binding.access,
    keyOf: keyReader(definition),
    changedAt: (value) => (stamp === undefined ? undefined : stampMilliseconds(stamp(value))),
    // Only records that the resource's own schema or mapping made come here.
    decode: mapping === undefined ? same : (value) => mapping.tryDecode(value as never),
    encode: mapping === undefined ? same : (value) => mapping.tryEncode(value as never),
    encodeChange: mapping === undefined ? same : (value) => mapping.tryEncodeChange(value as never),
    ...(wire.list && { list: wire.list }),
    ...(wire.get && { get: wire.get }),
    ...(wire.backfill && { backfill: wire.backfill }),
    ...(wire.find && { find: wire.find }),
    ...(upsert?.key !== undefined &&
      wire.upsert && { upsert: { effect: upsert.effect, key: upsert.key, max: upsert.max, run: wire.upsert } }),
  };
};
