import { decimalToMinor, type Money, minorToDecimal } from '@mortise/models';
import { conversionRefused } from '@mortise/runtime';

type Text = string | null | undefined;

const refusing = <Value>(convert: () => Value): Value => {
  try {
    return convert();
  } catch (thrown) {
    // The models' reasons hold no value; any other message could.
    throw thrown instanceof RangeError ? conversionRefused(thrown.message) : thrown;
  }
};

/** Money of an amount and a currency property; null where there is no amount. An amount needs its currency. */
export const moneyOf = (amount: Text, currency: Text): Money | null => {
  if (amount === undefined || amount === null || amount === '') return null;
  if (currency === undefined || currency === null || currency === '') {
    throw conversionRefused('the amount has no currency beside it');
  }
  return refusing(() => decimalToMinor(amount, currency));
};

/** The two properties of money; both are cleared for null. */
export const propertiesOfMoney = (money: Money | null): { readonly amount: string; readonly currency: string } =>
  money === null
    ? { amount: '', currency: '' }
    : { amount: refusing(() => minorToDecimal(money)), currency: money.currency };
