import { decimalToMinor, type Money, minorToDecimal } from '@mortise/models';
import { conversionRefused } from '@mortise/runtime';

type Text = string | null | undefined;

/** Money of an amount and a currency property; null where there is no amount. An amount needs its currency. */
export const moneyOf = (amount: Text, currency: Text): Money | null => {
  if (amount === undefined || amount === null || amount === '') return null;
  if (currency === undefined || currency === null || currency === '') {
    throw conversionRefused('the amount has no currency beside it');
  }
  return decimalToMinor(amount, currency);
};

/** The two properties of money; both are cleared for null. */
export const propertiesOfMoney = (money: Money | null): { readonly amount: string; readonly currency: string } =>
  money === null ? { amount: '', currency: '' } : { amount: minorToDecimal(money), currency: money.currency };
