import hubspot from '@mortise/connector-hubspot';
import vendure from '@mortise/connector-vendure';
import { type EventSink, open } from '@mortise/runtime';
import type { CrmAccess, Settings, VendureAccess } from './settings.ts';

/** How a connection is opened here. */
export interface OpenWith {
  readonly events: EventSink;
  /** Limits of its calls; the connector's own unless given. */
  readonly limits?: { readonly attempts: number; readonly requestTimeoutMs: number; readonly callTimeoutMs: number };
}

/** Limits of a first look at a host, which must not take minutes when nobody is there. */
export const firstLook = { attempts: 2, requestTimeoutMs: 10_000, callTimeoutMs: 20_000 } as const;

/** Drops every event: errors are told once, by who catches them. */
export const silent: EventSink = () => {};

/**
 * Opens the Vendure shop at this URL of its Admin API.
 * @throws ConnectorError `invalid-settings`, `unsafe-url`.
 */
export const openVendure = ({ url, username, password }: VendureAccess & { readonly url: string }, options: OpenWith) =>
  open(vendure, { settings: { url }, credentials: { username, password }, ...options });

/** What `open` and `prepare` of the HubSpot connector need for this CRM. */
export const crmOptions = ({ url, token }: CrmAccess, options: OpenWith) => ({
  settings: url === undefined ? {} : { baseUrl: url },
  credentials: { token },
  ...options,
});

/**
 * Opens the CRM.
 * @throws ConnectorError `invalid-settings`, `unsafe-url`.
 */
export const openCrm = (access: CrmAccess, options: OpenWith) => open(hubspot, crmOptions(access, options));

/** A live CRM. */
export type Crm = ReturnType<typeof openCrm>;

/**
 * Refuses wrong URLs before anything is started. Sends nothing.
 * @throws ConnectorError `invalid-settings`, `unsafe-url`.
 */
export const checkUrls = ({ shop, crm }: Settings): void => {
  const url = shop.kind === 'vendure' ? shop.access.url : undefined;
  if (shop.kind === 'vendure' && url !== undefined) openVendure({ ...shop.access, url }, { events: silent });
  openCrm(crm, { events: silent });
};
