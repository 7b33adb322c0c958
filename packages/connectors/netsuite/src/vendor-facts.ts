import type { ApiFacts } from '@mortise/runtime';

/** Version of the SOAP endpoint, of its path and of every namespace. NetSuite makes no later one. */
export const soapVersion = '2025_2';

const uri = (name: string, area: string): string => `urn:${name}_${soapVersion}.${area}.webservices.netsuite.com`;

/** The XML namespaces of {@link soapVersion}, by NetSuite's own names of them. */
export const namespaces = {
  messages: uri('messages', 'platform'),
  core: uri('core', 'platform'),
  common: uri('common', 'platform'),
  relationships: uri('relationships', 'lists'),
  accounting: uri('accounting', 'lists'),
  sales: uri('sales', 'transactions'),
} as const;

/** Limits that NetSuite sets and this connector keeps. */
export const limits = {
  /** Requests of an account under way at once, over SOAP, REST and RESTlets together; this one is of a Standard account. */
  concurrentRequests: 5,
  searchPage: 1_000,
  smallestSearchPage: 5,
  /** Orders of one answer: 1,000 with all their lines would be a document of many megabytes. */
  orderPage: 200,
  writeList: 100,
  readList: 1_000,
  /** Items of which the availability is asked in one request: NetSuite takes 10,000, and answers a row for each location. */
  availabilityItems: 200,
  /** Rows of one SuiteQL answer. */
  queryRows: 1_000,
} as const;

/**
 * Step of NetSuite's change stamps, milliseconds: searches and SuiteQL count whole seconds. From experience, not from a
 * document.
 */
export const granularityMs = 1_000;

/** How long after a change a search or SuiteQL may still miss it, milliseconds: a save commits after its stamp was taken. */
export const lagMs = 5_000;

const help = 'https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help';

/** What answers SOAP's operations over REST, and until when SOAP is answered. */
const movePages = [`${help}/section_164155878349.html`, `${help}/article_2104046421.html`] as const;

const accountLimit = {
  name: 'concurrent requests of a Standard account',
  value: limits.concurrentRequests,
  unit: 'requests',
} as const;

/** What this connector takes for granted about NetSuite's two APIs, as data, by the setting `api`. */
export const apiFacts = {
  soap: {
    version: soapVersion,
    // NetSuite names the release 2028.2 and no day: the first day on which an account may get it.
    sunset: '2028-07-01',
    // Version and end; what a search can and cannot.
    sources: [`${help}/section_N3418174.html`, `${help}/section_N3518731.html`, ...movePages],
    limits: [
      accountLimit,
      { name: 'pageSize of a search', value: limits.searchPage, unit: 'records' },
      { name: 'upsertList and updateList', value: limits.writeList, unit: 'records' },
      { name: 'getList', value: limits.readList, unit: 'records' },
    ],
  },
  rest: {
    version: 'record v1, SuiteQL v1',
    sunset: 'none',
    // The services; sublists of a record.
    sources: [`${help}/chapter_1540391670.html`, `${help}/section_1545141947.html`, ...movePages],
    limits: [accountLimit, { name: 'rows of a SuiteQL answer', value: limits.queryRows, unit: 'rows' }],
  },
} as const satisfies Readonly<Record<'soap' | 'rest', ApiFacts>>;

/** What a role needs, by NetSuite's own names: least privilege for each resource. */
export const rolePermissions = {
  soap: ['SOAP Web Services', 'Log in using Access Tokens'],
  rest: ['REST Web Services', 'Log in using OAuth 2.0 Access Tokens', 'SuiteAnalytics Workbook'],
  items: { read: ['Items: View'], write: ['Items: Edit'], remove: ['Items: Full'] },
  customers: { read: ['Customers: View'], write: ['Customers: Edit'], remove: ['Customers: Full'] },
  salesOrders: { read: ['Sales Order: View'], write: ['Sales Order: Edit'], remove: ['Sales Order: Full'] },
  deletions: ['Deleted Records: View'],
} as const;
