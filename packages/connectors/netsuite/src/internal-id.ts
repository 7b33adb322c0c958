import { connectorError } from '@mortise/runtime';

/** The id where it is one of NetSuite's, which are whole numbers. @throws ConnectorError `not-found` */
export const checkedId = (id: string): string => {
  if (/^\d{1,19}$/.test(id)) return id;
  throw connectorError('not-found', 'NetSuite has no such record: its ids are whole numbers');
};

/** What a list goes on from: an id, behind which it was read. @throws ConnectorError `invalid-request` */
export const idOfCursor = (cursor: string | undefined): bigint | undefined => {
  if (cursor === undefined) return undefined;
  const [, id] = /^id\.(\d{1,19})$/.exec(cursor) ?? [];
  if (id !== undefined) return BigInt(id);
  throw connectorError('invalid-request', 'the cursor is not one of this list: start without it');
};

/** The cursor behind an id. */
export const cursorBehind = (id: bigint | string): string => `id.${id}`;
