import type { Settings } from './settings.ts';
import type { Terminal } from './terminal.ts';

/** Says where shop and CRM are, and how to look at them. No secret but the two public ones of this machine's servers. */
export const sayWhereThingsAre = (
  { shop, crm }: Settings,
  {
    shopUrl,
    crmUrl,
    terminal,
  }: { readonly shopUrl: string; readonly crmUrl: string | undefined; readonly terminal: Terminal },
): void => {
  const { say, bold, dim } = terminal;
  const password = shop.isDefaultLogin ? 'password superadmin' : 'password as in VENDURE_PASSWORD';
  say(`${bold('shop')}  Vendure Admin API  ${shopUrl}`);
  say(dim(`      user ${shop.username}, ${password}`));
  if (crm.live) {
    say(`${bold('CRM')}   HubSpot            ${crmUrl ?? 'https://api.hubapi.com'}`);
    return;
  }
  say(`${bold('CRM')}   HubSpot sandbox    ${crmUrl}`);
  say(dim("      curl -H 'authorization: Bearer sandbox-token' \\"));
  say(dim(`        '${crmUrl}/crm/v3/objects/contacts?limit=3'`));
};
