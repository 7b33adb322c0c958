import { choice, joinedText, plainDate, spelledBoolean } from '@mortise/models';
import { countryName } from '@mortise/models/country';
import { phoneNumber } from '@mortise/models/phone';
import { connectorSet, env, open, type ResourceDefinition, type RuntimeEvent } from '@mortise/runtime';
import { bearer } from '@mortise/runtime/auth';
import { virtualClock } from '@mortise/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { Person, peopleConnector, peopleVendor, person } from '../support/mapped-people-vendor.ts';
import { refusal } from '../support/refusal.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const url = 'https://people.example';

/** What `open` says to what came from a file, unchecked by the compiler. */
const opening = async (given: object, connector: object = peopleConnector) =>
  refusal(
    Promise.resolve().then(() =>
      open(connector as never, { settings: { url }, credentials: { token: 'canary-token' }, ...given } as never),
    ),
  );

test.each([
  [{ settings: { urll: url } }, "people has no setting 'urll': did you mean 'url'?"],
  [{ settings: { url, reigon: 'eu' } }, "people has no setting 'reigon': did you mean 'region'?"],
  [{ credentials: { tokn: 'canary' } }, "people has no credential 'tokn': did you mean 'token'?"],
  [{ fields: { peple: {} } }, "custom fields of people.peple: there is no such resource: did you mean 'people'?"],
])('case 114: a misspelt name is refused with the nearest one: %j', async (given, message) => {
  expect(await opening(given)).toMatchObject({ code: 'invalid-settings', connector: 'people', message });
});

test.each([
  'https://ada:canary-password@people.example',
  'https://people.example/?api_key=canary-password',
  'https://people.example/v1?access_token=canary-password',
])(
  'case 115: a URL of the settings with a secret in it is refused, and the secret is not repeated',
  async (secretUrl) => {
    const error = await opening({ settings: { url: secretUrl } });
    expect(error).toMatchObject({ code: 'unsafe-url', connector: 'people' });
    expect(error.message).toContain("setting 'url'");
    expect(JSON.stringify([error, error.stack])).not.toContain('canary');
  },
);

test('case 115: a secret among the settings, which are committed, is refused without being repeated', async () => {
  const error = await opening({ settings: { url, token: 'canary-token' } });
  expect(error.message).toContain("people has no setting 'token'");
  expect(JSON.stringify([error, error.stack])).not.toContain('canary');
});

test.each(['', '   ', '\t\n'])('case 116: the environment variable set to %j counts as missing', (value) => {
  vi.stubEnv('MORTISE_PEOPLE_TOKEN', value);
  expect(() => env('MORTISE_PEOPLE_TOKEN')).toThrow('environment variable MORTISE_PEOPLE_TOKEN is empty');
  vi.stubEnv('MORTISE_PEOPLE_TOKEN', undefined);
  expect(() => env('MORTISE_PEOPLE_TOKEN')).toThrow('environment variable MORTISE_PEOPLE_TOKEN is not set');
});

test.each([0, 2, 99])('case 117: a connector of contract %i is refused, naming both versions', async (contract) => {
  const error = await opening({}, { ...peopleConnector, contract });
  expect(error.code).toBe('invalid-definition');
  expect(error.message).toBe(
    `connector people is built for contract ${contract}, and this runtime speaks 1: install matching versions`,
  );
});

type Get = NonNullable<Parameters<typeof peopleVendor.resource<typeof Person, object>>[0]['get']>;

/** A connection to a connector whose author wrote this `get`. */
const openWith = (get: Get, options: object = {}) => {
  const events: RuntimeEvent[] = [];
  const things = peopleVendor.resource({ record: Person, key: 'id', changes: 'none', get });
  const live = open(peopleVendor.connector({ resources: { things } }), {
    events: (event) => void events.push(event),
    ...options,
    settings: { url },
    credentials: { token: 'canary-token' },
  });
  return { things: live.things, events };
};

const hostile = new Proxy(
  {},
  {
    get: () => {
      throw new Error('a trap of the thrown object');
    },
  },
);

test.each([
  ['a text', 'canary-token'],
  ['undefined', undefined],
  ['null', null],
  ['a number', 7],
  ['an object that looks like an error', { code: 'rate-limited', message: 'canary-token' }],
  ['a symbol', Symbol('canary-token')],
])('case 118: %s that a connector throws becomes a typed error without the secret', async (_name, thrown) => {
  const { things, events } = openWith(async () => {
    throw thrown;
  });
  const error = await refusal(things.get('1'));
  expect(error).toMatchObject({ code: 'internal', connector: 'people', operation: 'things.get' });
  expect(JSON.stringify([error, error.stack, events])).not.toContain('canary');
});

test('case 118: a thrown object whose properties throw is contained', async () => {
  const { things } = openWith(async () => {
    throw hostile;
  });
  expect(await refusal(things.get('1'))).toMatchObject({ code: 'internal', operation: 'things.get' });
});

test('case 118: an operation that never comes back is ended by its limit', async () => {
  const clock = virtualClock(Date.UTC(2026, 10, 25));
  const { things } = openWith(() => new Promise(() => {}), { clock, limits: { stepTimeoutMs: 5_000 } });
  const error = refusal(things.get('1'));
  await clock.advance(5_000);
  expect(await error).toMatchObject({ code: 'timeout', connector: 'people', operation: 'things.get' });
});

test('case 118: a list and a write that never come back are ended too; of the write the outcome is unknown', async () => {
  const clock = virtualClock(Date.UTC(2026, 10, 25));
  const stuck = () => new Promise<never>(() => {});
  const things = peopleVendor.resource({
    record: Person,
    key: 'id',
    changes: 'none',
    list: async function* () {
      yield { records: [person('1')] };
      await stuck();
    },
    create: { effect: 'unsafe', max: 1, run: stuck },
  });
  const given = { settings: { url }, credentials: { token: 'x' }, events: () => {}, clock };
  const live = open(peopleVendor.connector({ resources: { things } }), { ...given, limits: { stepTimeoutMs: 5_000 } });
  const pages = live.things.list()[Symbol.asyncIterator]();
  expect((await pages.next()).value?.records).toHaveLength(1);
  const [next, write] = [refusal(pages.next()), refusal(live.things.create([Person.parse(person('1'))]))];
  await clock.advance(5_000);
  expect((await next).code).toBe('timeout');
  expect((await write).code).toBe('unknown-outcome');
});

test('case 118: what a connector prints of its credentials is [secret], and its own error is cleaned', async () => {
  const printed: string[] = [];
  const vendor = { ...peopleConnector.vendor };
  const auth = ({ credentials }: { credentials: { token: never } }) => {
    printed.push(String(credentials.token), JSON.stringify(credentials), `${credentials.token}`);
    return bearer(credentials.token);
  };
  const connector = { ...peopleConnector, vendor: { ...vendor, auth } };
  open(connector as typeof peopleConnector, { settings: { url }, credentials: { token: 'canary-token' } });
  expect(printed).toEqual(['[secret]', '{"token":"[secret]"}', '[secret]']);
});

test('case 118: settings are shared and cannot be changed by an operation', async () => {
  const { things } = openWith(async (call) => {
    Reflect.set(call.settings, 'region', 'us');
    Object.assign(call.settings, { region: 'us' });
    return {};
  });
  expect(await refusal(things.get('1'))).toMatchObject({ code: 'internal', operation: 'things.get' });
  const seen = openWith(async (call) => person(call.settings.region));
  expect((await seen.things.get('1')).id).toBe('eu');
});

test('case 119: two connectors of one id are refused when a host puts them together', () => {
  const other = peopleVendor.connector({ resources: {} as Readonly<Record<string, ResourceDefinition>> });
  expect([...connectorSet([peopleConnector]).keys()]).toEqual(['people']);
  expect(() => connectorSet([peopleConnector, other])).toThrow(
    "two connectors have the id 'people': install one of them",
  );
});

const evil = '(a+)+$';

test('case 120: patterns in what a host configures are plain text: none is ever compiled', async () => {
  expect(() => plainDate(evil)).toThrow('a layout of dates has YYYY, MM and DD once each');
  const layout = plainDate('YYYY(.*)MM[^]DD');
  expect(layout.encode('2026-11-23')).toBe('2026(.*)11[^]23');
  expect(layout.decode('2026(.*)11[^]23')).toBe('2026-11-23');
  expect(() => layout.decode(`2026${'a'.repeat(50_000)}`)).toThrow('is not a date');
  expect(joinedText(evil).decode(`a${evil}b`)).toEqual(['a', 'b']);
  expect(() => choice({ [evil]: 'x' }).decode('a'.repeat(50_000))).toThrow('is none of the known choices');
  expect(() => spelledBoolean(evil, 'F').decode('aaaa')).toThrow('is no spelling');
  expect(() => countryName([evil])).toThrow('not a known ISO 639-1 code');
  expect(await opening({ settings: { url, region: evil } })).toMatchObject({ code: 'invalid-settings' });
});

test('case 120: texts made to overheat a pattern go through every converter', () => {
  const long = 50_000;
  const texts = ['a', '1', '0', '-', '+', ' ', '1.', '2026-11-23T', '+49', '((', '\n'].flatMap((part) => [
    part.repeat(long),
    `${part.repeat(long)}!`,
  ]);
  const converters = [plainDate(), countryName(['en']), phoneNumber({ country: 'DE' })];
  for (const { decode } of converters) for (const text of texts) expect(() => decode(text)).toThrow(RangeError);
});
