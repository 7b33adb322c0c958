import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeAnswer } from '../src/auth/oauth2/answer.ts';
import { takePending } from '../src/auth/oauth2/pending.ts';
import { lifetimeSeconds, readToken, tokenOf } from '../src/auth/oauth2/token.ts';
import { isConnectorError } from '../src/index.ts';

const now = Date.parse('2026-11-25T12:00:00Z');
const answered = (bytes: Uint8Array, status: number) =>
  judgeAnswer({ status, headers: { 'content-type': 'application/json' }, bytes: Buffer.from(bytes) }, now);

test('whatever a token endpoint sends, its answer is judged and never thrown', () => {
  const body = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(body, fc.integer({ min: 100, max: 599 }), (bytes, status) => {
      const judged = answered(bytes, status);
      expect(judged.ok ? judged.value.status : judged.failure.code).toBeDefined();
    }),
  );
});

test('whatever expires_in says, a token lives for a time that a date holds', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const seconds = lifetimeSeconds(value);
      const answer = { access_token: 'a', token_type: 'bearer' as const, ...(seconds && { expires_in: seconds }) };
      const { expiresAt } = tokenOf(answer, { askedAt: now });
      expect(expiresAt).toBeGreaterThanOrEqual(now);
      expect(Number.isNaN(new Date(expiresAt).getTime())).toBe(false);
    }),
  );
});

test('whatever a store holds, it is a token or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(readToken(text)?.accessToken).not.toBe('');
    }),
  );
});

test('whatever state a browser comes back with, one that was not given out is refused', async () => {
  const empty = { read: async () => undefined, save: async () => true, remove: async () => false };
  const state = fc.oneof(fc.string(), fc.constant(null), fc.stringMatching(/^[\w-]{32}\.[\w-]{1,20}$/));
  await fc.assert(
    fc.asyncProperty(state, async (given) => {
      const thrown = await takePending(empty, { state: given, browser: undefined, now }).catch(
        (error: unknown) => error,
      );
      expect(isConnectorError(thrown) && thrown.code).toBe('invalid-request');
    }),
  );
});

test.each([101, 204, 205, 304])('an answer of %i is none of a token, whatever its body says', (status) => {
  for (const body of [{ access_token: 'a' }, { error: 'invalid_grant' }]) {
    const judged = answered(Buffer.from(JSON.stringify(body)), status);
    expect(judged).toMatchObject({ ok: false, failure: { code: 'unexpected-content', status } });
  }
});

for (const [status, vendorCode] of [
  ['BAD_REFRESH_TOKEN', 'BAD_REFRESH_TOKEN'],
  ['refresh token of ann@example.test', undefined],
] as const) {
  test(`a refusal in HubSpot's own form is one of the grant, named ${vendorCode ?? 'nothing'}`, () => {
    const judged = answered(Buffer.from(JSON.stringify({ status, message: 'missing or invalid refresh token' })), 400);
    expect(judged.ok ? undefined : judged.failure).toMatchObject({ code: 'unauthenticated', vendorCode });
  });
}
