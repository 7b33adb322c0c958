import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statedPolicies } from '../src/resilience/rate-limit-fields.ts';

const read = (ratelimit?: string, policy?: string) => statedPolicies({ ratelimit, 'ratelimit-policy': policy });

test('both fields are read together, by the names of their policies', () => {
  expect(read('"burst";r=50;t=30', '"burst";q=100;w=60,"daily";q=1000;w=86400')).toEqual([
    { limit: 100, perMs: 60_000, remaining: 50, resetMs: 30_000 },
    { limit: 1_000, perMs: 86_400_000, remaining: undefined, resetMs: undefined },
  ]);
});

test('names may hold separators, spaces are free, and unknown parameters are passed over', () => {
  expect(read('"a;b,c=\\"x\\"" ; r=0 ;t=48; pk=:cHI=:', undefined)).toEqual([
    { limit: undefined, perMs: undefined, remaining: 0, resetMs: 48_000 },
  ]);
});

test('a policy that counts something other than requests is left out', () => {
  expect(read('"bytes";r=0;t=9', '"bytes";q=1000;w=60;qu="content-bytes"')).toEqual([]);
});

test('a malformed field tells nothing', () => {
  for (const text of [
    '',
    ',',
    '"open',
    'limit=100, remaining=5',
    '"a";r',
    '"a";r=x;t=1',
    '1;r=2',
    '"a" "b";r=1',
    ';r=1',
  ]) {
    const told = read(text).filter(({ remaining, resetMs }) => remaining !== undefined && resetMs !== undefined);
    expect(told, text).toEqual([]);
  }
});

test('no text makes the reader throw or tell a number that is none', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.string({ maxLength: 200 }), (limit, policy) => {
      for (const stated of read(limit, policy)) {
        for (const value of Object.values(stated))
          expect(value === undefined || Number.isSafeInteger(value)).toBe(true);
      }
    }),
  );
});

test('what is written is read back, whatever the name', () => {
  const count = fc.integer({ min: 0, max: 1_000_000 });
  const name = fc.stringMatching(/^[ !#-[\]-~]*$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ name, count, seconds: count }), { selector: (each) => each.name }),
      (policies) => {
        const text = policies.map((each) => `"${each.name}";r=${each.count};t=${each.seconds}`).join(', ');
        expect(read(text).map(({ remaining, resetMs }) => [remaining, resetMs])).toEqual(
          policies.map((each) => [each.count, each.seconds * 1_000]),
        );
      },
    ),
  );
});
