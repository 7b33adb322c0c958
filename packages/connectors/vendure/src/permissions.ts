import { connectorError, isConnectorError, readField } from '@mortise/runtime';
import { z } from 'zod';
import type { Transports } from './login.ts';

/** What reads variants and their stock: either is enough. */
export const readsProducts = ['ReadProduct', 'ReadCatalog'] as const;

const permissionsDocument = 'query Permissions { me { channels { code token permissions } } }';
const channelDocument = 'query ActiveChannel { activeChannel { id } }';

/** Everybody has these: they are no permissions that somebody could take away. */
const givenToAll = new Set(['Authenticated', 'Owner', 'Public']);

/** The permissions in the channel that is read. */
const Me = z.object({
  channels: z.array(z.object({ code: z.string(), token: z.string(), permissions: z.array(z.string()) })),
});

/** Data of a document, or undefined where the shop refuses it. */
const dataUnlessForbidden = async ({ admin }: Transports, document: string): Promise<unknown> => {
  try {
    return (await admin.send({ document })).data;
  } catch (thrown) {
    if (isConnectorError(thrown) && thrown.code === 'forbidden') return undefined;
    throw thrown;
  }
};

/**
 * Asks the shop for the permissions of the role behind the credentials. An administrator gets them; an API key is
 * refused (3.7.3: `me` is for administrators), and can only tell that the shop knows it.
 * @throws ConnectorError `unauthenticated` when the shop does not know who asks.
 */
export const grantedPermissions = async (
  transports: Transports,
  channelToken: string | undefined,
): Promise<readonly string[] | undefined> => {
  const data = await dataUnlessForbidden(transports, permissionsDocument);
  if (data === undefined) {
    // Needs no permission but to be somebody.
    if ((await dataUnlessForbidden(transports, channelDocument)) !== undefined) return undefined;
    throw connectorError('unauthenticated', 'the shop does not accept the API key or session');
  }
  const me = Me.safeParse(readField(data, 'me')).data;
  const isRead = ({ code, token }: { code: string; token: string }) =>
    channelToken === undefined ? code === '__default_channel__' : token === channelToken;
  return me?.channels.find(isRead)?.permissions.filter((name) => !givenToAll.has(name));
};
