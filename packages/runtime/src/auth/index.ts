export { type ApiKeyOptions, apiKey } from './api-key.ts';
export { type BasicCredentials, basic } from './basic.ts';
export { bearer } from './bearer.ts';
export { type SessionLogin, session } from './session.ts';
