import { type Failure, readField } from '@mortise/runtime';
import type { GraphqlOptions } from '@mortise/runtime/graphql';
import { apiVersion } from './vendor-facts.ts';

type Answer = Parameters<NonNullable<GraphqlOptions['classifyAnswer']>>[0];

/** What a scope is called: only such names pass into errors. */
const scopeName = /`((?:read|write|unauthenticated|customer)_[a-z_]{1,60})`/g;

const errorsOf = ({ body }: Answer): readonly unknown[] => {
  const errors = readField(body, 'errors');
  return Array.isArray(errors) ? errors : [];
};

const codeOf = (error: unknown): unknown => readField(error, 'extensions.code');

/** The scope that an ACCESS_DENIED asks for, out of "`read_orders` access scope or …": the first, any is enough. */
const missingScopes = (answer: Answer): readonly string[] | undefined => {
  const scopes = errorsOf(answer)
    .filter((error) => codeOf(error) === 'ACCESS_DENIED')
    .flatMap((error) => {
      const told = readField(error, 'extensions.requiredAccess') ?? readField(error, 'message');
      const [first] = typeof told === 'string' ? [...told.matchAll(scopeName)] : [];
      return first?.[1] ?? [];
    });
  return scopes.length === 0 ? undefined : [...new Set(scopes)];
};

/** A shop that is frozen for an unpaid bill (402), locked (423), or closed. Coming back later does not help by itself. */
const isClosed = (answer: Answer): boolean =>
  answer.status === 402 || answer.status === 423 || errorsOf(answer).some((error) => codeOf(error) === 'SHOP_INACTIVE');

/** Shopify answers a version that it no longer has by its oldest one, without an error. */
const fallenForward = ({ headers }: Answer): Failure | undefined => {
  const answered = headers['x-shopify-api-version'];
  if (answered === undefined || answered === apiVersion) return undefined;
  const version = /^[\w-]{1,20}$/.test(answered) ? answered : 'another one';
  const message = `Shopify no longer answers version ${apiVersion} and took ${version} instead; a write may be done`;
  return { code: 'schema-drift', message, vendorCode: version, reach: 'unknown' };
};

const inFlightWaitMs = 1_000;

/** Whether a keyed write is under way still: its first sending came through, and nobody answered it yet. */
const isInFlight = ({ body }: Answer): boolean => {
  const data = readField(body, 'data');
  if (typeof data !== 'object' || data === null) return false;
  return Object.values(data).some((payload) => {
    const errors = readField(payload, 'userErrors');
    return (
      Array.isArray(errors) && errors.some((error) => readField(error, 'code') === 'IDEMPOTENCY_CONCURRENT_REQUEST')
    );
  });
};

/** What Shopify says of an answer outside of the codes that GraphQL errors share. */
export const classifyAnswer: NonNullable<GraphqlOptions['classifyAnswer']> = (answer, failure) => {
  const { status } = answer;
  if (isClosed(answer)) {
    const message = 'the shop is closed, frozen or locked';
    return { ...failure, code: 'account-closed', message, status, reach: 'refused', renew: false };
  }
  if (failure === undefined) {
    if (!isInFlight(answer)) return fallenForward(answer);
    const message = 'the same write is still under way';
    return { code: 'unavailable', message, waitMs: inFlightWaitMs, reach: 'refused', status };
  }
  // A shop that does not exist, or has moved to another domain.
  if (status === 404) return { ...failure, message: 'there is no such shop: check the setting shop' };
  if (status === 430) return { ...failure, code: 'forbidden', message: 'Shopify refused the request as a threat' };
  const permissions = missingScopes(answer);
  return permissions === undefined ? failure : { ...failure, permissions };
};

/** What Shopify's own error codes mean. THROTTLED and MAX_COST_EXCEEDED are common knowledge of the transport. */
export const classify: NonNullable<GraphqlOptions['classify']> = ({ code }) => {
  if (code === 'ACCESS_DENIED') return { code: 'forbidden', reach: 'refused' };
  if (code === 'INTERNAL_SERVER_ERROR') return { code: 'unavailable' };
  return undefined;
};
