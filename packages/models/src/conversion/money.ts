import type { Money } from '../money.ts';
import { type ModelConverter, refused } from './converter.ts';
import { currencyDigits } from './currency-digits.ts';
import { decimalNumber } from './numbers.ts';

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
  if (whole === undefined) throw refused('amount is not a plain decimal number such as 12.34');
  if (/[1-9]/.test(fraction.slice(digits))) throw refused(`amount has more than ${digits} decimal digits`);
  const minor = (whole + fraction.slice(0, digits).padEnd(digits, '0')).replace(/^0+/, '');
  const amount = Number(minor);
  if (minor.length > longestSafe || !Number.isSafeInteger(amount)) throw refused('amount is too large');
  return { amountMinor: sign === '-' && amount !== 0 ? -amount : amount, currency };
};

/**
 * Writes money as decimal text with all the digits of its currency: 1230 EUR is `12.30`, 1230 JPY is `1230`.
 * @throws RangeError when the amount is not a safe integer or the currency code is wrong; the message holds neither.
 */
export const minorToDecimal = ({ amountMinor, currency }: Money): string => {
  const digits = currencyDigits(currency);
  if (!Number.isSafeInteger(amountMinor)) throw refused('amount is not a safe integer of minor units');
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  const split = text.length - digits;
  const sign = amountMinor < 0 ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, split)}.${text.slice(split)}`;
};

/** The amount, where it is of the system's currency: money is never converted in silence. */
const inCurrency = (money: Money, currency: string): Money => {
  if (money.currency !== currency) throw refused(`amount is not in ${currency}`);
  return money;
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
export const decimalMoney = (currency: string): ModelConverter<string, Money> => {
  currencyDigits(currency);
  return {
    name: `decimal text in ${currency}`,
    decode: (text) => decimalToMinor(text, currency),
    encode: (money) => minorToDecimal(inCurrency(money, currency)),
  };
};

/**
 * As {@link decimalMoney}, for a system that sends amounts as JSON numbers of major units, such as `12.34`. By way of
 * decimal text: `19.99 * 100` is not 1999 in floats. Amounts of more than 15 digits are refused.
 * @throws RangeError on encode when the money is of another currency.
 */
export const numberMoney = (currency: string): ModelConverter<number, Money> => {
  currencyDigits(currency);
  return {
    name: `number in ${currency}`,
    decode: (value) => decimalToMinor(decimalNumber.decode(value), currency),
    encode: (money) => decimalNumber.encode(minorToDecimal(inCurrency(money, currency))),
  };
};

/**
 * As {@link decimalMoney}, for a system that counts in minor units: 1234 is 12.34 EUR, 1234 JPY, 1.234 KWD.
 * @throws RangeError on encode when the money is of another currency.
 */
export const minorMoney = (currency: string): ModelConverter<number, Money> => {
  currencyDigits(currency);
  return {
    name: `minor units of ${currency}`,
    decode: (amountMinor) => {
      if (!Number.isSafeInteger(amountMinor)) throw refused('amount is not a safe integer of minor units');
      return { amountMinor: amountMinor + 0, currency };
    },
    encode: (money) => inCurrency(money, currency).amountMinor,
  };
};
