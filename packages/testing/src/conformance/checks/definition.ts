import { type ApiFacts, apiFactsOf, isConnectorError } from '@mortise/runtime';
import { checkLaws } from '@mortise/runtime/mapping';
import type { CheckRuns } from '../check.ts';
import { breach, type Trial, type Unproved, unproved } from '../trial.ts';
import { isUnproved, pagesOf, someRecords } from '../walk.ts';

const dayForm = /^\d{4}-\d\d-\d\d$/;

/** What the connector states for the settings that it is judged with. @throws ConnectorError */
export const statedApi = ({ connector, session, wire }: Trial): ApiFacts | undefined =>
  apiFactsOf(connector, session.settings(wire.url));

const apiFacts = (trial: Trial): undefined => {
  const api = statedApi(trial);
  if (api === undefined) return breach('the vendor states no API facts');
  if (api.version.trim() === '') breach('the API version is empty');
  if (api.sunset !== 'none' && (!dayForm.test(api.sunset) || Number.isNaN(Date.parse(api.sunset)))) {
    breach("the sunset is neither a day like 2027-06-30 nor 'none'");
  }
  if (!api.sources.some((source) => URL.parse(source)?.protocol === 'https:'))
    breach('no https page is named as source');
  if (api.limits.some(({ value, name, unit }) => !(value > 0) || name === '' || unit === '')) {
    breach('a limit has no name, no unit, or no number above 0');
  }
  return undefined;
};

const apiInService = (trial: Trial): undefined => {
  const { sunset = 'none' } = statedApi(trial) ?? {};
  const lastDay = Date.parse(sunset);
  if (!Number.isNaN(lastDay) && lastDay + 86_400_000 < trial.clock.now()) breach(`the API version ended on ${sunset}`);
  return undefined;
};

const permissionsDeclared = ({ definition }: Trial): undefined => {
  const { operations, permissions } = definition;
  const names = Object.entries(permissions).flatMap(([name, needed]) => (needed === undefined ? [] : [name]));
  const silent = Object.keys(operations).filter((name) => !names.includes(name));
  if (silent.length > 0) breach(`no permissions are declared for ${silent.join(', ')}`);
  return undefined;
};

const permissionsNotMore = ({ definition, connector }: Trial): undefined => {
  const { operations, permissions } = definition;
  const isPresent = (name: string): boolean => Object.hasOwn(operations, name);
  const idle = Object.keys(permissions).filter(
    (name) => !isPresent(name) && !(name === 'subscribe' && connector.webhooks !== undefined),
  );
  if (idle.length > 0) breach(`permissions are declared for operations that are absent: ${idle.join(', ')}`);
  return undefined;
};

const wireSamples = async (trial: Trial): Promise<readonly object[] | Unproved> => {
  const live = trial.fresh();
  if (live.list === undefined) return unproved('the resource has no list to take samples from');
  const ids = await someRecords(trial, 3);
  if (isUnproved(ids)) return ids;
  const pages = await trial.drive(pagesOf(live));
  return pages.flatMap(({ records }) => records.filter((record) => typeof record === 'object' && record !== null));
};

const mappingLaws = async (trial: Trial): Promise<Unproved | undefined> => {
  const { mapping } = trial.definition;
  const wire = await wireSamples(trial);
  if (mapping === undefined) return undefined;
  // Without samples the laws are held against generated records alone.
  const samples = { wire: isUnproved(wire) ? [] : wire.slice(0, 50) };
  const { broken } = checkLaws(mapping, { seed: 26, runs: 60, samples });
  const [first] = broken;
  if (first !== undefined) breach(`the ${first.law} law is broken at ${first.path || first.field}: ${first.reason}`);
  return undefined;
};

/** The record with another value at a path. */
const withValue = (record: unknown, { path, value }: { path: readonly string[]; value: unknown }): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const fields = typeof record === 'object' && record !== null ? { ...record } : {};
  return { ...fields, [key]: withValue(fieldOf(fields, key), { path: rest, value }) };
};

/** Whether nought is anywhere in a value, as a number or as the text of one. */
const holdsNought = (value: unknown): boolean => {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) === 0;
  if (typeof value === 'string') return /^-?0+(\.0+)?$/.test(value);
  return typeof value === 'object' && value !== null && !(value instanceof Date)
    ? Object.values(value).some(holdsNought)
    : false;
};

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, field)?.value : undefined;

const nothingIsNotNought = async (trial: Trial): Promise<Unproved | undefined> => {
  const { mapping } = trial.definition;
  const samples = await wireSamples(trial);
  if (mapping === undefined) return undefined;
  if (isUnproved(samples)) return samples;
  for (const wire of samples.slice(0, 20)) {
    for (const { field, paths, row } of mapping.fields) {
      // Nothing that stands for a value is a policy, and the table of the mapping says so.
      if (row.notes.some((note) => note?.includes(': use ') === true)) continue;
      for (const nothing of [null, undefined]) {
        const holed = paths.reduce<unknown>((record, path) => withValue(record, { path, value: nothing }), wire);
        // What the schema refuses never gets as far as the mapping.
        if (!mapping.wireSchema.safeParse(holed).success) continue;
        const read = mapping.tryDecode(holed as never);
        if (read.ok && holdsNought(fieldOf(read.value, field)))
          breach(`${field} is nought where the vendor gave nothing`);
      }
    }
  }
  return undefined;
};

const flaggedReadOnly = ({ definition }: Trial): undefined => {
  const { mapping, key, changes } = definition;
  const owned = [key, ...(changes === 'none' ? [] : [changes.field])];
  const written = mapping?.fields.filter(
    ({ write, paths }) => write !== undefined && paths.some((path) => owned.includes(path.join('.'))),
  );
  if (written !== undefined && written.length > 0) {
    breach(
      `the vendor's own ids and stamps are mapped for writing too: ${written.map(({ field }) => field).join(', ')}`,
    );
  }
  return undefined;
};

const strictSettings = ({ connect, session, wire }: Trial): undefined => {
  try {
    connect({ settings: { ...session.settings(wire.url), misspeltSetting: 1 } });
  } catch (thrown) {
    if (isConnectorError(thrown) && thrown.code === 'invalid-settings') return undefined;
    return breach('a setting that there is none of ends in another error than invalid-settings');
  }
  return breach('a setting that there is none of is taken without a word');
};

const strictCredentials = ({ connect, session }: Trial): undefined => {
  try {
    connect({ credentials: { ...session.credentials, misspeltCredential: 'x' } });
  } catch (thrown) {
    if (isConnectorError(thrown) && thrown.code === 'invalid-settings') return undefined;
    return breach('a credential that there is none of ends in another error than invalid-settings');
  }
  return breach('a credential that there is none of is taken without a word');
};

/** What can be read from the definition alone. */
export const definitionChecks: CheckRuns = {
  'api-facts-stated': apiFacts,
  'api-in-service': apiInService,
  'permissions-declared': permissionsDeclared,
  'permissions-not-more': permissionsNotMore,
  'settings-strict': strictSettings,
  'credentials-strict': strictCredentials,
  'mapping-laws': mappingLaws,
  'nothing-is-not-nought': nothingIsNotNought,
  'ids-and-stamps-read-only': flaggedReadOnly,
};
