import { type Call, connectorError, defineVendor, readField } from '@mortise/runtime';
import { bearer } from '@mortise/runtime/auth';
import { type GraphqlRealtimeOptions, type PlainRealtimeOptions, realtime } from '@mortise/runtime/realtime';
import { rest } from '@mortise/runtime/rest';
import { classify } from './error-body.ts';
import { sessionLogin } from './session-login.ts';
import { credentials, type DirectusSettings, settings } from './settings.ts';
import { api } from './vendor-facts.ts';

const tokenOf = ({ authorization = '' }: Readonly<Record<string, string>>): string =>
  authorization.replace('Bearer ', '');

const refused = { code: 'unauthenticated', renew: true } as const;

/**
 * Directus 12.4 tells a refused or expired token by a message of its plain protocol, in the middle of graphql-ws too,
 * where other clients see "Invalid message 'type' property"; the close codes 4004 or 4408 only follow.
 */
const isAuthError = (message: unknown): boolean =>
  readField(message, 'type') === 'auth' && readField(message, 'status') === 'error';

const graphqlWs: Omit<GraphqlRealtimeOptions, 'url'> = {
  protocol: 'graphql-ws',
  connectionParams: (auth) => ({ access_token: tokenOf(auth) }),
  classifyMessage: (message) => (isAuthError(message) ? refused : undefined),
  classify: ({ code }) => {
    if (code === 'TOKEN_EXPIRED' || code === 'INVALID_CREDENTIALS' || code === 'INVALID_TOKEN') return refused;
    return code === 'FORBIDDEN' ? { code: 'forbidden' } : undefined;
  },
};

const plainSocket: Omit<PlainRealtimeOptions, 'url'> = {
  protocol: 'plain',
  opening: (auth) => [{ type: 'auth', access_token: tokenOf(auth) }],
  read: (message) => {
    if (isAuthError(message)) return { kind: 'refused', ...refused };
    if (readField(message, 'status') === 'error') {
      const isForbidden = readField(message, 'error.code') === 'FORBIDDEN';
      return { kind: 'refused', code: isForbidden ? 'forbidden' : 'invalid-request' };
    }
    switch (readField(message, 'type')) {
      case 'auth':
        return { kind: 'acknowledged' };
      case 'ping':
        return { kind: 'reply', message: { type: 'pong' } };
      case 'subscription':
        return { kind: readField(message, 'event') === 'init' ? 'ignored' : 'event' };
      default:
        return { kind: 'ignored' };
    }
  },
};

/** Makes the transports of a server; of the two for realtime one is used. */
const transports = ({ url }: DirectusSettings) => {
  const base = url.replace(/\/+$/, '');
  return {
    rest: rest({ baseUrl: base, classify }),
    graphqlWs: realtime({ ...graphqlWs, url: `${base}/graphql` }),
    websocket: realtime({ ...plainSocket, url: `${base}/websocket` }),
  };
};

/** What Directus' operations are called with. */
export type DirectusCall = Call<ReturnType<typeof transports>, DirectusSettings>;

/** Directus: settings, credentials, auth and transports. */
export const directus = defineVendor({
  id: 'directus',
  api,
  settings,
  credentials,
  transports,
  auth: ({ credentials: { token, email, password } }) => {
    if (token !== undefined) return bearer(token);
    if (email === undefined || password === undefined) {
      throw connectorError('invalid-settings', 'give token, or email and password');
    }
    return sessionLogin({ email, password });
  },
});
