import { expect, test } from 'vitest';
import { retryAfterWait, statedWait, unstatedThrottleMs } from '../src/resilience/retry-after.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const after = (text: string) => statedWait({ 'retry-after': text }, now);
const field = (text: string) => statedWait({ ratelimit: text }, now);

test('Retry-After is read in seconds, decimals, dates and as an epoch', () => {
  expect(after('120')).toBe(120_000);
  expect(after(' 2.5 ')).toBe(2_500);
  expect(after('0')).toBe(0);
  expect(after('Mon, 23 Nov 2026 12:01:00 GMT')).toBe(60_000);
  expect(after('Monday, 23-Nov-26 12:01:00 GMT')).toBe(60_000);
  expect(after('Mon Nov 23 12:01:00 2026')).toBe(60_000);
  expect(after('2026-11-23T12:00:30Z')).toBe(30_000);
  expect(after('2026-11-23T14:00:30+02:00')).toBe(30_000);
  expect(after(String(now / 1_000 + 9))).toBe(9_000);
  expect(after(String(now + 9))).toBe(9);
});

test('of two joined values the longer wait counts', () => {
  expect(after('3, 10')).toBe(10_000);
  expect(after('10, 3')).toBe(10_000);
});

test('a wait that is past, negative or unreadable becomes the conservative one', () => {
  const unreadable = [
    'Mon, 23 Nov 2020 12:00:00 GMT',
    '2020-01-01T00:00:00Z',
    '-5',
    'abc',
    'abc 5',
    'soon 2030',
    '5, abc',
  ];
  for (const text of [...unreadable, '', '1e3', '0x10', 'Infinity', 'Mon, 99 Nov 2026 12:00:00 GMT']) {
    expect(after(text), text).toBe(unstatedThrottleMs);
  }
});

test('an absurd wait is capped at a year, so that its end is still a date', () => {
  for (const text of ['99999999999999999999', '9'.repeat(400), 'Fri, 31 Dec 9999 23:59:59 GMT']) {
    expect(new Date(now + (after(text) ?? 0)).getUTCFullYear()).toBe(2027);
  }
  expect(field('"d";r=0;t=99999999999999999999')).toBe(31_536_000_000);
});

test('the structured RateLimit field gives the wait of the policies that are used up', () => {
  expect(field('"default";r=0;t=48')).toBe(48_000);
  expect(field('"default";t=48;r=0')).toBe(48_000);
  expect(field('default;r=0;t=48')).toBe(48_000);
  expect(field('"burst";r=5;t=1, "daily";r=0;t=50, "hour"; r=0 ; t=20')).toBe(50_000);
  expect(field('"odd;r=0;t=9, name";r=3;t=60')).toBeUndefined();
});

test('a malformed RateLimit field is ignored', () => {
  for (const text of ['', 'r=0', '"d";r=0', '"d";r=x;t=5', '"d";r=0;t=-5', '"d";r=0;t=1.5', '";;;,,,="']) {
    expect(field(text), text).toBeUndefined();
  }
});

test('Retry-After wins over RateLimit, and that over RateLimit-Reset', () => {
  const all = { 'retry-after': '1', ratelimit: '"d";r=0;t=2', 'ratelimit-reset': '3', 'x-ratelimit-reset': '4' };
  expect(statedWait(all, now)).toBe(1_000);
  expect(statedWait({ ...all, 'retry-after': undefined }, now)).toBe(2_000);
  expect(statedWait({ 'ratelimit-reset': '3', 'x-ratelimit-reset': '4' }, now)).toBe(3_000);
  expect(statedWait({ 'x-ratelimit-reset': String(now / 1_000 + 4) }, now)).toBe(4_000);
  expect(statedWait({ 'x-ratelimit-reset': 'abc' }, now)).toBeUndefined();
  expect(statedWait({}, now)).toBeUndefined();
});

test('only Retry-After says when an unavailable vendor is back', () => {
  expect(retryAfterWait({ 'retry-after': '1', 'ratelimit-reset': '3' }, now)).toBe(1_000);
  expect(retryAfterWait({ 'ratelimit-reset': '3', ratelimit: '"d";r=0;t=2' }, now)).toBeUndefined();
});
