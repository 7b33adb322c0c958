import { connectorError, type MappingResult, type ResourcePort, type ResourceShape } from '@mortise/runtime';

/** What the compiler says of a source without `list`. */
interface SourceNeedsList {
  readonly list: 'a source must be able to list';
}
/** What the compiler says of a destination without `upsert`. */
interface DestinationNeedsUpsert {
  readonly upsert: 'a destination must be able to upsert';
}

/** A live resource as far as a sync looks at it. */
export interface SyncResource<Shape extends ResourceShape = ResourceShape> {
  readonly port: ResourcePort;
  readonly '~shape'?: Shape;
}

type ShapeOf<Resource> = Resource extends { readonly '~shape'?: infer Shape } ? Exclude<Shape, undefined> : never;
type ModelOf<Resource> = ShapeOf<Resource> extends { readonly model: infer Model } ? Model : never;
type WritableOf<Resource> = ShapeOf<Resource> extends { readonly writable: infer Writable } ? Writable : never;
type Source<Resource> = Resource extends { readonly list: unknown } ? unknown : SourceNeedsList;
type Destination<Resource> = Resource extends { readonly upsert: unknown } ? unknown : DestinationNeedsUpsert;

/** A mapping as far as a sync uses it: from the source's model to the destination's. */
export interface ModelMapping<From, To> {
  readonly tryDecode: (model: From) => MappingResult<To>;
}

type MapBetween<From, To> = [From] extends [To]
  ? { readonly map?: ModelMapping<From, To> }
  : { readonly map: ModelMapping<From, To> };

/** One way from a source resource to a destination resource. Made by {@link defineSync}. */
export interface Sync {
  readonly name: string;
  readonly from: ResourcePort;
  readonly to: ResourcePort;
  readonly map: ModelMapping<never, unknown> | undefined;
  /** Model fields that hold a source id, and the name of the sync whose links translate it. */
  readonly references: Readonly<Record<string, string>>;
}

/** What {@link defineSync} is given. */
export type SyncOptions<From extends SyncResource, To extends SyncResource> = {
  /** Unique among the syncs of one store: checkpoints and links are kept under it. */
  readonly name: string;
  readonly from: From & Source<From>;
  readonly to: To & Destination<To>;
  /**
   * Fields of the destination's model that hold the id of another source record, and the sync that moves those
   * records. The id is replaced by that of the linked destination record; until there is one the record is parked.
   */
  readonly references?: { readonly [Field in keyof WritableOf<To>]?: Sync };
} & MapBetween<ModelOf<From>, WritableOf<To>>;

/**
 * Defines a one-way sync between two live resources. Does nothing else.
 * Where the models of the two differ, `map` leads from one to the other; the compiler asks for it.
 * @throws ConnectorError `invalid-definition`.
 */
export const defineSync = <From extends SyncResource, To extends SyncResource>(
  options: SyncOptions<From, To>,
): Sync => {
  const given: {
    name: string;
    from: SyncResource;
    to: SyncResource;
    map?: ModelMapping<never, unknown>;
    references?: object;
  } = options;
  const { name, from, to, map } = given;
  if (from.port.list === undefined)
    throw connectorError('invalid-definition', `sync '${name}': ${from.port.id} has no list`);
  if (to.port.upsert === undefined)
    throw connectorError('invalid-definition', `sync '${name}': ${to.port.id} has no upsert`);
  const references = Object.fromEntries(
    Object.entries(given.references ?? {}).map(([field, parent]: [string, Sync]) => [field, parent.name]),
  );
  return { name, from: from.port, to: to.port, map, references };
};
