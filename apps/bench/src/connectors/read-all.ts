/** Reads everything once and gives how many records that were. */
export type ReadAll = () => Promise<number>;

/** A page as every list here gives it. */
interface Counted {
  readonly records: readonly unknown[];
}

/** How many records some pages hold. */
export const counted = async (pages: AsyncIterable<Counted>): Promise<number> => {
  let records = 0;
  for await (const page of pages) records += page.records.length;
  return records;
};
