import { currencyDigits } from './currency-digits.ts';
import type { Money } from './money.ts';

/** A rule that turns a wire value into a model value and back: the shape of the runtime's converters. */
export interface MoneyConverter<Wire> {
  /** Name for the mapping's table. */
  readonly name: string;
  readonly decode: (wire: Wire) => Money;
  readonly encode: (money: Money) => Wire;
}

const decimalText = /^(-?)(\d+)(?:\.(\d+))?$/;

/** More digits than this cannot be a safe integer. */
const longestSafe = 16;

/**
 * Reads decimal text, for instance `12.34`, as money: by text alone, never through a float. Zeros beyond the digits of
 * the currency are taken (`12.3400`, yen as `1000.0`: vendors send them), any other digit there is refused.
 * @throws RangeError with a reason that does not hold the value: exponents, NaN, signs other than `-`, spaces,
 * separators of thousands, too many digits, amounts beyond a safe integer, a wrong currency code.
 */
export const decimalToMinor = (text: string, currency: string): Money => {
  const digits = currencyDigits(currency);
  const [, sign, whole, fraction = ''] = decimalText.exec(text) ?? [];
  if (whole === undefined) throw new RangeError('amount is not a plain decimal number such as 12.34');
  if (/[1-9]/.test(fraction.slice(digits))) throw new RangeError(`amount has more than ${digits} decimal digits`);
  const minor = (whole + fraction.slice(0, digits).padEnd(digits, '0')).replace(/^0+/, '');
  const amount = Number(minor);
  if (minor.length > longestSafe || !Number.isSafeInteger(amount)) throw new RangeError('amount is too large');
  return { amountMinor: sign === '-' && amount !== 0 ? -amount : amount, currency };
};

/**
 * Writes money as decimal text with all the digits of its currency: 1230 EUR is `12.30`, 1230 JPY is `1230`.
 * @throws RangeError when the amount is not a safe integer or the currency code is wrong; the message holds neither.
 */
export const minorToDecimal = ({ amountMinor, currency }: Money): string => {
  const digits = currencyDigits(currency);
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError('amount is not a safe integer of minor units');
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  const split = text.length - digits;
  const sign = amountMinor < 0 ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, split)}.${text.slice(split)}`;
};

/**
 * Converter between decimal text and money for a system that keeps all amounts in one currency.
 * @throws RangeError on encode when the money is of another currency: it is never converted in silence.
 * @example
 * ```ts
 * import { decimalMoney } from '@mortise/models';
 * const price = decimalMoney('EUR');
 * price.decode('12.34'); // { amountMinor: 1234, currency: 'EUR' }
 * ```
 */
export const decimalMoney = (currency: string): MoneyConverter<string> => {
  currencyDigits(currency);
  return {
    name: `decimal text in ${currency}`,
    decode: (text) => decimalToMinor(text, currency),
    encode: (money) => {
      if (money.currency !== currency) throw new RangeError(`amount is not in ${currency}`);
      return minorToDecimal(money);
    },
  };
};
