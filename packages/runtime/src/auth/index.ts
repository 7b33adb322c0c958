export { type ApiKeyOptions, apiKey } from './api-key.ts';
export { type BasicCredentials, basic } from './basic.ts';
export { bearer } from './bearer.ts';
export { type KeyPair, type OAuth1Options, oauth1 } from './oauth1/oauth1.ts';
export type { SignatureMethod } from './oauth1/signature.ts';
export { type PassportNamespaces, type TokenBasedOptions, tokenBased } from './oauth1/token-based.ts';
export {
  type AuthorizationCodeOptions,
  type AuthorizationFlow,
  authorizationCode,
} from './oauth2/authorization-code.ts';
export type { OAuthClient, OAuthServer } from './oauth2/definition.ts';
export type { FlowOptions } from './oauth2/flow.ts';
export {
  clientCredentials,
  type GrantOptions,
  type JwtBearerOptions,
  jwtBearer,
  type TokenExchangeOptions,
  tokenExchange,
} from './oauth2/grants.ts';
export {
  type LoopbackAuthorization,
  type LoopbackAuthorizationOptions,
  loopbackAuthorization,
} from './oauth2/loopback.ts';
export {
  type BrowserOptions,
  type Connected,
  type WebAuthorization,
  type WebAuthorizationOptions,
  webAuthorization,
} from './oauth2/web-authorization.ts';
export { checkPermissions, type OperationsInUse, type PermissionReport, requiredPermissions } from './permissions.ts';
export { type SessionLogin, session } from './session.ts';
export type { SigningKey } from './signed-jwt.ts';
