/** Where a page ended: the record, what it was sorted by, and how many objects were read up to it. */
export type Cursor = { id: bigint; value: bigint; seen: number };

const form = /^(\d{1,19}) (\d{1,19}) (\d{1,9})$/;

/** A cursor as text that says nothing to its reader. */
export const cursorText = ({ id, value, seen }: Cursor): string =>
  Buffer.from(`${id} ${value} ${seen}`).toString('base64url');

/** Reads a cursor; undefined for what is none. */
export function readCursor(text: string): Cursor | undefined {
  const [, id, value, seen] = form.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? [];
  if (id === undefined || value === undefined || seen === undefined) return undefined;
  return { id: BigInt(id), value: BigInt(value), seen: Number(seen) };
}
