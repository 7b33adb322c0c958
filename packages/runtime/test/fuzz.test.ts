import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPrivateAddress } from '../src/http/addresses.ts';
import { parseJson } from '../src/http/json.ts';
import { retryAfterWait, statedWait, unstatedThrottleMs } from '../src/resilience/retry-after.ts';

/** What a text is parsed to, or that it is refused. */
const outcome = (parse: (text: string) => unknown, text: string) => {
  try {
    return { value: parse(text) };
  } catch {
    return 'refused';
  }
};

function exactly(this: unknown, key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (key === '__proto__') return undefined;
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return /^-?\d+$/.test(context?.source ?? '') ? context?.source : value;
}
/** The slow and certain way: JSON.parse itself says where each number stands. */
const oracle = (text: string): unknown => JSON.parse(text, exactly);

const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('"', '\\', ':', ',', '[', ' ', '-', '1', '9', '0') }),
);
const digits = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String);
/** JSON texts with long numbers and with texts that look like them, any spaces between. */
const { json } = fc.letrec<{ json: string; value: string }>((tie) => ({
  json: fc
    .tuple(fc.constantFrom('', ' ', '\n\t'), tie('value'), fc.constantFrom('', ' '))
    .map((parts) => parts.join('')),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    digits,
    fc.oneof(texts, digits).map((text) => JSON.stringify(text)),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.constantFrom('true', 'null', '12345678901234567890.5', '1234567890123456789e2'),
    fc.array(tie('json')).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(fc.oneof(texts, digits), tie('json')))
      .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`),
  ),
}));

test('JSON is parsed as JSON.parse does it, long integers kept', () => {
  const check = (text: string) => {
    expect(outcome(parseJson, text)).toEqual(outcome(oracle, text));
  };
  fc.assert(fc.property(json, check), { numRuns: 2_000 });
});

test('a JSON text with some characters changed is refused exactly where JSON.parse refuses it', () => {
  const changes = fc.array(fc.tuple(fc.nat(400), fc.constantFrom('"', '\\', ',', ':', '1', '0', ' ', '}', ']', '')));
  const check = (text: string, edits: readonly (readonly [number, string])[]) => {
    const changed = edits.reduce((all, [at, by]) => all.slice(0, at) + by + all.slice(at + 1), text);
    expect(outcome(parseJson, changed)).toEqual(outcome(oracle, changed));
  };
  fc.assert(fc.property(json, changes, check), { numRuns: 2_000 });
});

const headerValue = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('"', ';', ',', '=', 'r', 't', '0', '1', '9', '.', '-', ' ', ':') }),
  fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  fc.double().map(String),
);

test('any Retry-After gives a wait of up to a year, and none that hammers', () => {
  const check = (value: string, nowMs: number) => {
    const wait = retryAfterWait({ 'retry-after': value }, nowMs);
    expect(wait).toBeGreaterThanOrEqual(0);
    expect(wait).toBeLessThanOrEqual(31_536_000_000);
    if (!/\d/.test(value)) expect(wait).toBe(unstatedThrottleMs);
  };
  fc.assert(fc.property(headerValue, fc.integer({ min: 0, max: 4e12 }), check), { numRuns: 2_000 });
});

test('any RateLimit field gives a wait of up to a year, or none', () => {
  const check = (field: string, reset: string, nowMs: number) => {
    const wait = statedWait({ ratelimit: field, 'ratelimit-reset': reset }, nowMs);
    if (wait === undefined) return;
    expect(wait).toBeGreaterThanOrEqual(0);
    expect(wait).toBeLessThanOrEqual(31_536_000_000);
  };
  const times = fc.integer({ min: 0, max: 4e12 });
  fc.assert(fc.property(headerValue, headerValue, times, check), { numRuns: 2_000 });
});

test('an IPv4 address is as private in each of its IPv6 spellings', () => {
  const check = (address: string) => {
    const isPrivate = isPrivateAddress(address);
    expect(isPrivateAddress(`::ffff:${address}`)).toBe(isPrivate);
    expect(isPrivateAddress(`64:ff9b::${address}`)).toBe(isPrivate);
  };
  fc.assert(fc.property(fc.ipV4(), check));
});
