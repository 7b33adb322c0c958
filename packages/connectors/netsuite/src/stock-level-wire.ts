import { connectorError } from '@mortise/runtime';
import { z } from 'zod';
import { text } from './wire-text.ts';

const Reference = z.object({ internalId: z.string().min(1), name: text });

/** The stock of one item at one location, with its values as text, as SOAP has them. REST is read into the same. */
export const StockLevelWire = z
  .object({
    /** Item and location: `12/1`. */
    id: z.string().min(1),
    item: Reference,
    locationId: Reference,
    quantityOnHand: text,
    quantityAvailable: text,
    quantityCommitted: text,
    quantityOnOrder: text,
    quantityBackOrdered: text,
    /** When the quantity available last changed: not when the quantity on hand did. */
    lastQtyAvailableChange: text,
  })
  .meta({ title: 'NetSuite item availability' });

/** Item and location of a stock level's id. @throws ConnectorError `not-found` */
export const partsOfId = (id: string): { readonly item: string; readonly location: string } => {
  const [, item, location] = /^(\d{1,19})\/(\d{1,19})$/.exec(id) ?? [];
  if (item !== undefined && location !== undefined) return { item, location };
  throw connectorError('not-found', "NetSuite has no such stock level: its id is 'item/location'");
};
