const scale = 8;

/** True for a plain decimal number. */
export function isDecimal(text: string): boolean {
  return /^-?\d{1,15}(\.\d{1,8})?$/.test(text);
}

function scaled(text: string): bigint {
  const negative = text.startsWith('-');
  const [whole = '0', part = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole + part.padEnd(scale, '0').slice(0, scale));
  return negative ? -value : value;
}

function plain(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const part = digits.slice(-scale).replace(/0{1,6}$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${part}`;
}

/** The sum, without binary rounding. */
export function sum(texts: readonly string[]): string {
  return plain(texts.reduce((total, each) => total + scaled(each), 0n));
}

/** The product, without binary rounding up to eight places. */
export function product(left: string, right: string): string {
  return plain((scaled(left) * scaled(right)) / 10n ** BigInt(scale));
}
