const format = new Intl.NumberFormat('en');

/** A whole number with its thousands apart, for instance `12,345`. */
export const thousands = (value: number): string => format.format(value);

/** A number with the word for what it counts, for instance `1 record` or `2 records`. */
export const counted = (value: number, word: string): string => `${thousands(value)} ${word}${value === 1 ? '' : 's'}`;
