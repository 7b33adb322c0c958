export { bearer } from './bearer.ts';
export { type SessionLogin, session } from './session.ts';
