/** One line of the table. */
export interface Line {
  readonly title: string;
  readonly path: string;
  readonly atOnce: number;
  readonly server: 'plain' | 'tls' | 'h2';
  readonly fails?: boolean;
  /** Each of the lanes at once asks for a path of its own. */
  readonly byLane?: boolean;
  /** Who runs it. The base of the ratios comes first. */
  readonly contenders: readonly string[];
  /** Most CPU per request, as a multiple of the base's. */
  readonly limit?: number;
  /** Another line whose figure for Mortise is the base. */
  readonly against?: string;
}

const everyone = ['undici', 'mortise', 'ky', 'axios', 'got'];
const pair = ['undici', 'mortise'];

/** What is measured, and the limits that the issue sets. */
export const lines: Readonly<Record<string, Line>> = {
  'small-1': {
    title: '1 KB, one at a time',
    path: '/small',
    atOnce: 1,
    server: 'plain',
    contenders: everyone,
    limit: 1.6,
  },
  'small-32': {
    title: '1 KB, 32 at once',
    path: '/small',
    atOnce: 32,
    server: 'plain',
    contenders: everyone,
    limit: 2,
  },
  'page-1': {
    title: '53 KB page, one at a time',
    path: '/page',
    atOnce: 1,
    server: 'plain',
    contenders: everyone,
    limit: 1.3,
  },
  'page-8': {
    title: '53 KB page, 8 at once',
    path: '/page',
    atOnce: 8,
    server: 'plain',
    contenders: everyone,
    limit: 1.3,
  },
  numbers: {
    title: 'the page with ids beyond 2^53 as numbers, 8 at once',
    path: '/numbers',
    atOnce: 8,
    server: 'plain',
    contenders: pair,
    against: 'page-8',
  },
  texts: {
    title: 'the page with ids of 16 digits as texts, 8 at once',
    path: '/texts',
    atOnce: 8,
    server: 'plain',
    contenders: pair,
    against: 'page-8',
  },
  'gzip-1': {
    title: 'the page gzipped, one at a time',
    path: '/page/gzip',
    atOnce: 1,
    server: 'plain',
    contenders: everyone,
    limit: 1.2,
  },
  'gzip-8': {
    title: 'the page gzipped, 8 at once',
    path: '/page/gzip',
    atOnce: 8,
    server: 'plain',
    contenders: everyone,
    limit: 1.2,
  },
  retried: {
    title: '1 KB, each refused once with 429',
    path: '/busy',
    atOnce: 8,
    server: 'plain',
    byLane: true,
    contenders: ['axios', 'mortise', 'got'],
  },
  failing: {
    title: 'answers of 500, thrown',
    path: '/broken',
    atOnce: 8,
    server: 'plain',
    contenders: everyone,
    fails: true,
  },
  tls: { title: '1 KB over TLS, 8 at once', path: '/small', atOnce: 8, server: 'tls', contenders: pair },
  h2: { title: '1 KB over HTTP/2, 8 at once', path: '/small', atOnce: 8, server: 'h2', contenders: pair },
};
