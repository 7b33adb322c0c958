import { parseArgs } from 'node:util';
import { connectorError, nearestName } from '@mortise/runtime';

/** The shops that the demo knows, the default first. */
export type ShopName = 'shopify' | 'vendure';

/** Where stock may be kept, the default first. */
export type InventoryName = 'netsuite' | 'directus' | 'none';

/** What a flag takes, and what it does. */
interface FlagForm {
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly text: string;
}

/** What each flag does, in the order of the help. `value` names what a flag needs. */
const known = {
  shop: { choices: ['shopify', 'vendure'], text: 'which shop: a sandbox, or a real server' },
  inventory: {
    choices: ['netsuite', 'directus', 'none'],
    text: 'where the stock is kept; with vendure: directus, none',
  },
  once: { text: 'end when all sides agree' },
  json: { text: 'with --once: the last line on stdout is one line of JSON' },
  reset: { text: 'clear all state, of syncs and systems, first' },
  live: { text: 'write to a real HubSpot account; its token is HUBSPOT_TOKEN' },
  yes: { text: 'with --live: do not ask before the first write' },
  prepare: { text: 'with --live: create the properties that the account lacks' },
  'vendure-url': { value: 'URL', text: 'a running shop; VENDURE_USERNAME, VENDURE_PASSWORD' },
  'hubspot-url': { value: 'URL', text: 'write to HubSpot at this URL, such as a sandbox' },
  help: { text: 'show this' },
} as const satisfies Record<string, FlagForm>;

/** What the user asked for on the command line. */
export interface Flags {
  readonly shop: ShopName;
  readonly inventory: InventoryName;
  readonly once: boolean;
  readonly json: boolean;
  readonly reset: boolean;
  readonly live: boolean;
  readonly yes: boolean;
  readonly prepare: boolean;
  readonly help: boolean;
  readonly vendureUrl: string | undefined;
  readonly hubspotUrl: string | undefined;
}

const wrong = (what: string) => connectorError('invalid-settings', what);

/** A flag that only means something beside another one. */
const companions = { json: 'once', yes: 'live', prepare: 'live' } as const;

/**
 * Reads the command line.
 * @throws ConnectorError `invalid-settings`, naming the flag and the nearest known one.
 */
export const readFlags = (args: readonly string[]): Flags => {
  const { tokens } = parseArgs({ args: [...args], options: parserOptions, strict: false, tokens: true });
  const given = new Map<string, string | undefined>();
  for (const token of tokens) {
    if (token.kind === 'positional') throw wrong(`unexpected argument '${token.value}': the demo takes flags only`);
    if (token.kind === 'option') given.set(nameOf(token), givenValue(token));
  }
  for (const [flag, companion] of Object.entries(companions)) {
    if (given.has(flag) && !given.has(companion)) throw wrong(`--${flag} needs --${companion} beside it`);
  }
  if (given.get('shop') === 'shopify' && given.has('vendure-url')) throw wrong('--vendure-url needs --shop vendure');
  const has = (name: keyof typeof known) => given.has(name);
  const isVendure = has('vendure-url') || given.get('shop') === 'vendure';
  return {
    shop: isVendure ? 'vendure' : 'shopify',
    inventory: inventoryOf(given, isVendure),
    once: has('once'),
    json: has('json'),
    reset: has('reset'),
    live: has('live'),
    yes: has('yes'),
    prepare: has('prepare'),
    help: has('help'),
    vendureUrl: given.get('vendure-url'),
    hubspotUrl: given.get('hubspot-url'),
  };
};

/** The inventory beside a shop. NetSuite's sandbox has the goods of Shopify's, and a shop of somebody else is only read. */
const inventoryOf = (given: ReadonlyMap<string, string | undefined>, isVendure: boolean): InventoryName => {
  const named = known.inventory.choices.find((name) => name === given.get('inventory'));
  if (isVendure && named === 'netsuite') throw wrong('--inventory netsuite needs --shop shopify, whose goods it has');
  if (given.has('vendure-url') && named !== undefined && named !== 'none') {
    throw wrong("--vendure-url names a shop that is only read: use --inventory none, or the demo's own --shop vendure");
  }
  return named ?? (isVendure ? 'none' : 'netsuite');
};

const formOf = (name: string): FlagForm | undefined => Object.entries(known).find(([flag]) => flag === name)?.[1];
const takesValue = (name: string): boolean => {
  const { value, choices } = formOf(name) ?? {};
  return value !== undefined || choices !== undefined;
};

const parserOptions = Object.fromEntries(
  Object.keys(known).map((name) => [name, { type: takesValue(name) ? ('string' as const) : ('boolean' as const) }]),
);

const nameOf = ({ name, rawName }: { readonly name: string; readonly rawName: string }): string => {
  if (Object.hasOwn(known, name) && rawName.startsWith('--')) return name;
  const nearest = nearestName(name, Object.keys(known));
  throw wrong(`unknown flag ${rawName}: ${nearest === undefined ? '--help lists all' : `did you mean --${nearest}?`}`);
};

const givenValue = ({ name, value }: { readonly name: string; readonly value?: string | undefined }) => {
  if (!takesValue(name)) {
    if (value !== undefined) throw wrong(`--${name} takes no value`);
    return undefined;
  }
  const choices = formOf(name)?.choices;
  const isEmpty = value === undefined || value.trim() === '' || value.startsWith('--');
  if (choices !== undefined) return chosen(name, { value: isEmpty ? undefined : value, choices });
  if (isEmpty) throw wrong(`--${name} needs a URL`);
  return checkedUrl(name, value);
};

const chosen = (
  flag: string,
  { value, choices }: { readonly value: string | undefined; readonly choices: readonly string[] },
): string => {
  if (value !== undefined && choices.includes(value)) return value;
  const nearest = value === undefined ? undefined : nearestName(value, choices);
  const hint = nearest === undefined ? '' : `: did you mean ${nearest}?`;
  throw wrong(`--${flag} is one of ${choices.join(', ')}${hint}`);
};

/** The runtime refuses plain http too; here the flag is named. */
const checkedUrl = (flag: string, text: string): string => {
  if (!URL.canParse(text)) throw wrong(`--${flag} is not a URL: it begins with https://, or http:// on this machine`);
  const { protocol, host } = new URL(text);
  if (protocol === 'https:' || (protocol === 'http:' && isOnThisMachine(text))) return text;
  throw connectorError('unsafe-url', `--${flag} would send ${protocol}// to ${host}: use https://${host}`);
};

/** Whether a URL leads to this machine's own loopback. */
export const isOnThisMachine = (url: string): boolean =>
  URL.canParse(url) && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname);

const flagLine = ([name, { value, choices, text }]: [string, FlagForm]) => {
  const shown = value ?? choices?.join('|');
  const flag = `--${name}${shown === undefined ? '' : ` ${shown}`}`;
  return flag.length <= 18 ? `  ${flag.padEnd(18)} ${text}` : `  ${flag}\n${' '.repeat(21)}${text}`;
};

/** The help page, at most 80 columns wide. */
export const helpText = `Carries customers, products and orders of a shop into a CRM and an ERP, the
ERP's stock into the shop, and then each change, until Ctrl-C. All of them run
on this machine, unless told otherwise: sandboxes of Shopify, HubSpot and
NetSuite, or real servers of Vendure and Directus. What they and the syncs know
is kept in .mortise/ of this folder.

npm start [-- flags]

${Object.entries(known).map(flagLine).join('\n')}

exit codes: 0 done, 1 failed, 2 wrong flag or setting, 3 some records could not
be carried (dead letters), 75 try again later`;
