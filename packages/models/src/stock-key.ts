/** What a stock level is matched by across systems, whose ids differ. */
export interface StockPlace {
  readonly sku: string;
  /** Name of the location, as people know it in both systems. */
  readonly location: string;
}

const separator = ' @ ';

/** The key of a stock level: `{ sku: 'W-1', location: 'Main' }` is `W-1 @ Main`. */
export const stockKey = ({ sku, location }: StockPlace): string => `${sku}${separator}${location}`;

/** The parts of a key that {@link stockKey} made; undefined where it is none. A location's name holds no ` @ `. */
export const stockPlace = (key: string): StockPlace | undefined => {
  const at = key.lastIndexOf(separator);
  const place = { sku: key.slice(0, at), location: key.slice(at + separator.length) };
  return at < 1 || place.location === '' ? undefined : place;
};
