import { connectorError } from '@mortise/runtime';
import { doesNotOpen } from './records.ts';
import type { Sealer } from './sealer.ts';

/** A record in an image, with the source key of the link that points to it. */
export type ImageSlot = readonly [sourceKey: string, record: unknown];

/** Where a sealed image belongs. */
export interface ImagePlace {
  readonly connection: string;
  readonly sync: string;
  readonly id: number;
}

const placeText = ({ connection, sync, id }: ImagePlace): string => `${connection}\n${sync}\nimage ${id}`;

/**
 * Encrypts the read-backs of one commit together: a cipher for each record was most of the work of a commit.
 * @throws ConnectorError `internal` when a record is no JSON, for instance holds a bigint or itself.
 */
export const sealImage = (sealer: Sealer, slots: readonly ImageSlot[], place: ImagePlace): Uint8Array => {
  let text: string;
  try {
    text = JSON.stringify(slots);
  } catch (thrown) {
    const message = `a record of ${place.sync} cannot be kept: it holds what JSON cannot say`;
    throw connectorError('internal', message, { cause: thrown });
  }
  return sealer.seal(text, placeText(place));
};

/** Which record of an image is wanted, and for which row. */
export interface ImageRequest extends ImagePlace {
  readonly slot: number;
  readonly sourceKey: string;
  /** Names the row in the error. */
  readonly row: string;
}

/**
 * Opens one record of an image.
 * @throws ConnectorError `state-refused` naming the row when the image or the row's pointer was changed or moved.
 */
export const openSlot = (sealer: Sealer, sealed: Uint8Array | null, request: ImageRequest): unknown => {
  const { slot, sourceKey, row, sync } = request;
  const text = sealed === null ? undefined : sealer.open(sealed, placeText(request));
  const slots: readonly ImageSlot[] = text === undefined ? [] : JSON.parse(text);
  const found = slots[slot];
  if (found === undefined || found[0] !== sourceKey) throw doesNotOpen(`${row} of sync ${sync}`);
  return found[1];
};
