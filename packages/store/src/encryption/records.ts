import { connectorError } from '@mortise/runtime';
import type { Sealer } from './sealer.ts';

/** Where a sealed record belongs. */
export interface Place {
  readonly connection: string;
  readonly sync: string;
  readonly sourceKey: string;
}

/** The source key comes last, so that a line feed in it cannot make two places equal. */
const placeText = ({ connection, sync, sourceKey }: Place): string => `${connection}\n${sync}\n${sourceKey}`;

/**
 * Encrypts a JSON value for its place; undefined has nothing to encrypt.
 * @throws ConnectorError `internal` when the value is no JSON, for instance holds a bigint or itself.
 */
export const sealRecord = (sealer: Sealer, value: unknown, place: Place): Uint8Array | null => {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (thrown) {
    throw connectorError('internal', `a record of ${place.sync} cannot be kept: it holds what JSON cannot say`, {
      cause: thrown,
    });
  }
  return text === undefined ? null : sealer.seal(text, placeText(place));
};

/** The error for bytes that do not open. Names the row, never the bytes. */
export const doesNotOpen = (row: string) =>
  connectorError(
    'state-refused',
    `${row} does not open: it was changed or moved outside Mortise; restore the state from a copy`,
  );

/**
 * Opens what {@link sealRecord} made; nothing is null.
 * @throws ConnectorError `state-refused` naming the row when the bytes were changed, moved or sealed under another key.
 */
export const openRecord = (
  sealer: Sealer,
  sealed: Uint8Array | null,
  place: Place & { readonly row: string },
): unknown => {
  if (sealed === null) return null;
  const text = sealer.open(sealed, placeText(place));
  if (text === undefined) throw doesNotOpen(`${place.row} of sync ${place.sync}`);
  return JSON.parse(text);
};
