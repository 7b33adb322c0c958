import { type Failure, isConnectorError, type ListRequest, readField, revealSecret } from '@mortise/runtime';
import { type JsonAnswer, type RestTransport, rest } from '@mortise/runtime/rest';
import { z } from 'zod';
import { type AuthContextOf, auth, type Call, credentials, list, login } from '../reference/connector.ts';
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

/** A list that sends what was cancelled once more, in the background. */
const againWhenCancelled = ({
  signal,
  isMeant = () => true,
}: {
  signal?: () => AbortSignal;
  isMeant?: () => boolean;
}) =>
  async function* (call: Call, request: ListRequest): Pages {
    try {
      yield* list(call, request);
    } catch (thrown) {
      if (isConnectorError(thrown) && thrown.code === 'cancelled' && isMeant()) {
        fetch(`${call.settings.baseUrl}/things`, { signal: signal?.() ?? null }).catch(() => {});
      }
      throw thrown;
    }
  };

/** Leaves a request open that got no answer before the call was stopped; one that was refused is let go. */
const leavingOpen = () => {
  let isRefused = false;
  const classify = (answer: JsonAnswer, failure: Failure | undefined) => {
    isRefused = answer.status === 429;
    return failure;
  };
  return variation({
    vendor: { transports: ({ baseUrl }: { baseUrl: string }) => ({ rest: rest({ baseUrl, classify }) }) },
    operations: { list: againWhenCancelled({ isMeant: () => !isRefused }) },
  });
};

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
  'abort-cancels': leavingOpen,
  'abort-ends-a-wait': () =>
    variation({ operations: { list: againWhenCancelled({ signal: () => AbortSignal.timeout(30) }) } }),
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
