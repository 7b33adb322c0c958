import type { z } from 'zod';
import type { AnyMapping, WireChange } from '../mapping/mapping.ts';
import type { Paths } from '../mapping/paths.ts';
import type { LiveOperations, OperationName, Operations } from './operations.ts';
import type { OperationPermissions } from './permissions.ts';
import type { ResourcePort } from './port.ts';

/** How a resource tells what has changed. Sync engines read only this. */
export interface ChangeTracking<Path extends string = string> {
  /** Path of the change stamp in the wire record. */
  readonly field: Path;
  /** Finest step of the stamp as the vendor stores or filters it, milliseconds. */
  readonly granularityMs: number;
  /** How long after a change the list may still miss it (search index, late commits), milliseconds. */
  readonly lagMs: number;
}

/** The types of a resource, carried from its definition to its live form. */
export interface ResourceShape {
  readonly record: unknown;
  readonly written: unknown;
  readonly model: unknown;
  readonly writable: unknown;
  readonly operations: OperationName;
  /** Where custom fields go; undefined where the resource takes none. */
  readonly custom?: unknown;
}

/** A resource's definition. Made by `defineVendor(…).resource(…)`. */
export interface ResourceDefinition<Shape extends ResourceShape = ResourceShape> {
  readonly record: z.ZodType;
  readonly key: string;
  readonly changes: ChangeTracking | 'none';
  readonly mapping: AnyMapping | undefined;
  readonly permissions: OperationPermissions;
  readonly operations: ErasedOperations;
  /** Names of the custom fields that a host gave at `open`. */
  readonly fields?: readonly string[];
  /** In the type only. */
  readonly '~shape'?: Shape;
}

/** Operations whose types the runtime has no use for any more: records are checked by schema instead. */
export type ErasedOperations = Operations<unknown, unknown, unknown>;

/** What an author gives to describe a resource, besides its operations. */
export interface ResourceDescription<Schema extends z.ZodObject, MappingOrNothing> {
  /** Schema of the vendor's wire record: as lenient as the vendor, without transforms or defaults. */
  readonly record: Schema;
  /** Path of the id. */
  readonly key: Paths<z.output<Schema>>;
  /** How changes are told apart; `none`: the list is always read whole. */
  readonly changes: ChangeTracking<Paths<z.output<Schema>>> | 'none';
  /** The mapping between the wire record and a model. Without one, callers work on wire records alone. */
  readonly mapping?: MappingOrNothing;
  /** The vendor's permissions that each operation needs. */
  readonly permissions?: OperationPermissions;
}

/** The model view of a live resource: the same operations in model terms. */
export type ModelView<Shape extends ResourceShape> = Pick<
  LiveOperations<Shape['model'], Shape['writable'], Partial<Shape['writable']>>,
  Shape['operations']
>;

/** A live resource: exactly the operations that its author gave, on wire records; `model` gives them on models. */
export type LiveResource<Shape extends ResourceShape> = {
  readonly model: ModelView<Shape>;
  /** The same resource without its types, for sync engines. */
  readonly port: ResourcePort;
  /** In the type only. */
  readonly '~shape'?: Shape;
} & Pick<LiveOperations<Shape['record'], Shape['written'], WireChange<Shape['written']>>, Shape['operations']>;
