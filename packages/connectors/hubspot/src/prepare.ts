import { connectorError, isConnectorError, type OpenOptions, open } from '@mortise/runtime';
import { type NeededProperty, neededProperties } from './needed-properties.ts';
import type { ObjectType } from './object-kind.ts';
import { propertiesOf } from './property-resource.ts';
import type { credentials, settings } from './settings.ts';
import { hubspot } from './vendor.ts';

/** What `open` takes, and whether only to look. */
export type PrepareOptions = OpenOptions<typeof settings, typeof credentials> & {
  /** Creates nothing: only tells what is missing. */
  readonly dryRun?: boolean;
};

/** A needed property and what became of it. */
export interface PreparedProperty {
  readonly type: ObjectType;
  readonly name: string;
  /** Whether it was missing when looked for. */
  readonly missing: boolean;
  /** Whether it was created now. */
  readonly created: boolean;
}

const schemas = hubspot.connector({
  resources: {
    companies: propertiesOf('companies'),
    products: propertiesOf('products'),
    deals: propertiesOf('deals'),
    line_items: propertiesOf('line_items'),
  },
});

/**
 * Creates the properties that upserts need and the account lacks; contacts need none. Asks the
 * account first; with `dryRun` does no more than that. May be run again.
 * @throws ConnectorError `conflict` where a property of that name exists and is not unique, and those of any call.
 */
export const prepare = async (options: PrepareOptions): Promise<readonly PreparedProperty[]> => {
  const { dryRun = false } = options;
  const live = open(schemas, options);
  const prepared: PreparedProperty[] = [];
  for (const type of ['companies', 'products', 'deals', 'line_items'] as const) {
    const known = await uniqueness(live[type].list());
    for (const needed of neededProperties.filter((property) => property.type === type)) {
      const missing = isMissing(needed, known);
      if (missing && !dryRun) await create(live[type].create, needed);
      prepared.push({ type, name: needed.name, missing, created: missing && !dryRun });
    }
  }
  return prepared;
};

/** Names of an account's properties, and whether their values are unique. */
type Uniqueness = ReadonlyMap<string, boolean>;

interface DefinitionPage {
  readonly records: readonly { readonly name: string; readonly hasUniqueValue?: boolean | undefined }[];
}

const uniqueness = async (pages: AsyncIterable<DefinitionPage>): Promise<Uniqueness> => {
  const known = new Map<string, boolean>();
  for await (const { records } of pages) {
    for (const { name, hasUniqueValue } of records) known.set(name, hasUniqueValue === true);
  }
  return known;
};

const isMissing = ({ type, name, unique }: NeededProperty, known: Uniqueness): boolean => {
  const found = known.get(name);
  if (found === undefined) return true;
  if (!unique || found) return false;
  const what = `${type} have a property '${name}' that is not unique, and HubSpot cannot change that: delete it, then prepare again`;
  throw connectorError('conflict', what, { connector: 'hubspot' });
};

type Create = ReturnType<
  typeof open<typeof settings, typeof credentials, typeof schemas.resources>
>['products']['create'];

const create = async (write: Create, { name, label, description, group, unique }: NeededProperty): Promise<void> => {
  const definition = { name, label, description, groupName: group, type: 'string', fieldType: 'text' };
  try {
    await write([{ ...definition, hasUniqueValue: unique }]);
  } catch (thrown) {
    // It was missing a moment ago: another host made it, or our own request whose answer was lost.
    if (!isConnectorError(thrown) || thrown.code !== 'conflict') throw thrown;
  }
};
