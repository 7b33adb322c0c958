import { type Failure, isConnectorError, readField, revealSecret } from '@mortise/runtime';
import { type JsonAnswer, type RestTransport, rest } from '@mortise/runtime/rest';
import { z } from 'zod';
import { type AuthContextOf, auth, credentials, login } from '../reference/connector.ts';
import { type Pages, variation, withList } from './variation.ts';

/** The reference with its own reading of failures. */
const classified = (classify: (answer: JsonAnswer, failure: Failure | undefined) => Failure | undefined) =>
  variation({
    vendor: { transports: ({ baseUrl }: { baseUrl: string }) => ({ rest: rest({ baseUrl, classify }) }) },
  });

const onStatus = (status: number, change: (failure: Failure) => Failure) =>
  classified((answer, failure) => (failure !== undefined && answer.status === status ? change(failure) : failure));

const endingAtTimeout = async function* (pages: Pages): Pages {
  try {
    yield* pages;
  } catch (thrown) {
    if (!isConnectorError(thrown) || thrown.code !== 'timeout') throw thrown;
  }
};

/** Sends what was cancelled once more, in the background, where nobody can stop it. */
const againWhenCancelled = (isMeant: (error: unknown) => boolean, signal?: () => AbortSignal) =>
  withList(async function* (pages, { call }): Pages {
    try {
      yield* pages;
    } catch (thrown) {
      if (isConnectorError(thrown) && thrown.code === 'cancelled' && isMeant(thrown)) {
        fetch(`${call.settings.baseUrl}/things`, { signal: signal?.() ?? null }).catch(() => {});
      }
      throw thrown;
    }
  });

/** Broken in how they call. */
export const brokenCalls = {
  'vendor-throttle-obeyed': () => onStatus(429, (failure) => ({ ...failure, waitMs: 3_000 })),
  'retry-after-obeyed': () => onStatus(503, (failure) => ({ ...failure, waitMs: 0 })),
  'transient-failure-repeated': () => onStatus(502, (failure) => ({ ...failure, code: 'invalid-request' })),
  'forbidden-told': () => onStatus(403, (failure) => ({ ...failure, code: 'invalid-request' })),
  'unauthenticated-told': () => onStatus(401, (failure) => ({ ...failure, code: 'forbidden', renew: true })),
  'credentials-renewed-once': () =>
    variation({
      vendor: {
        auth: (given: AuthContextOf) => {
          const made = auth(given);
          return { ...made, connect: (context: never) => ({ headers: made.connect(context).headers }) };
        },
      },
    }),
  'one-renewal-for-fifty-calls': () =>
    variation({
      vendor: {
        auth: ({ credentials: { password } }: AuthContextOf) => ({
          secrets: [password],
          connect: ({ transports }: { transports: { rest: RestTransport } }) => {
            let token: string | undefined;
            return {
              headers: async () => {
                // Whoever comes before the first answer signs in as well.
                token ??= await login(transports, revealSecret(password));
                return { authorization: `Bearer ${token}` };
              },
              renew: async () => {
                token = undefined;
              },
            };
          },
        }),
      },
    }),
  'abort-cancels': () => againWhenCancelled((error) => readField(error, 'status') === undefined),
  'abort-ends-a-wait': () =>
    againWhenCancelled(
      () => true,
      () => AbortSignal.timeout(30),
    ),
  'silence-ends-in-timeout': () => withList((pages) => endingAtTimeout(pages)),
  'secrets-hidden': () =>
    variation({
      vendor: {
        // Not sealed: nobody knows that it is one.
        credentials: z.strictObject({ password: z.string() }),
        auth: ({ credentials: { password } }: { credentials: { password: string } }) => {
          const sealed = auth({ credentials: credentials.parse({ password }) });
          return { ...sealed, secrets: [] };
        },
        transports: ({ baseUrl }: { baseUrl: string }) => ({ rest: rest({ baseUrl, classify: quotingPassword }) }),
      },
    }),
  'values-hidden': () =>
    classified((answer, failure) => failure && { ...failure, message: `${readField(answer.body, 'message')}` }),
};

const quotingPassword = (_answer: JsonAnswer, failure: Failure | undefined): Failure | undefined =>
  failure && { ...failure, message: `${failure.message} (signed in with the-password-of-the-reference)` };
