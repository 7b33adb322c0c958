/** What the Directus server is configured with, and who may enter it. */
import { DATABASE_USER } from './postgres.mjs';

/** The administrator. Loopback only, test data only. */
export const ADMINISTRATOR = {
  email: 'admin@example.com',
  password: 'd1r3ctu5-test',
  token: 'static-admin-token-for-tests',
};

/** What of our own environment the server needs: nothing else may change how it behaves. */
const inherited = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

/**
 * @param {{ port: number, databasePort: number }} ports
 * @returns {Record<string, string>}
 */
export function directusEnvironment({ port, databasePort }) {
  const own = Object.fromEntries(inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  return {
    ...own,
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    KEY: '0c6f1d0e-6a0b-4c55-9d6c-3a3b0a3f5f11',
    SECRET: 'a secret of test servers on loopback alone',
    DB_CLIENT: 'pg',
    DB_HOST: '127.0.0.1',
    DB_PORT: String(databasePort),
    DB_DATABASE: 'postgres',
    DB_USER: DATABASE_USER,
    DB_PASSWORD: 'none',
    ADMIN_EMAIL: ADMINISTRATOR.email,
    ADMIN_PASSWORD: ADMINISTRATOR.password,
    ADMIN_TOKEN: ADMINISTRATOR.token,
    TELEMETRY: 'false',
    CACHE_ENABLED: 'false',
    RATE_LIMITER_ENABLED: 'false',
    // It refuses requests while a machine is busy with other things, such as tests.
    PRESSURE_LIMITER_ENABLED: 'false',
    SERVE_APP: 'false',
    LOG_LEVEL: 'warn',
    // Tests open more than a person does, and a token is short-lived where a test says so.
    ACCESS_TOKEN_TTL: process.env.DIRECTUS_ACCESS_TOKEN_TTL ?? '15m',
    ...(process.env.DIRECTUS_QUERY_LIMIT_MAX && { QUERY_LIMIT_MAX: process.env.DIRECTUS_QUERY_LIMIT_MAX }),
    WEBSOCKETS_ENABLED: 'true',
    WEBSOCKETS_REST_ENABLED: 'true',
    WEBSOCKETS_REST_AUTH: 'handshake',
    WEBSOCKETS_GRAPHQL_ENABLED: 'true',
    WEBSOCKETS_GRAPHQL_AUTH: 'handshake',
    WEBSOCKETS_HEARTBEAT_ENABLED: 'false',
  };
}
