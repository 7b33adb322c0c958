import { expect, test } from 'vitest';
import { moneyOf, plainDecimal } from '../src/amounts.ts';

test.each([
  ['1.23456789E7', '12345678.9'],
  ['-1.0E10', '-10000000000'],
  ['1.0E-3', '0.001'],
  ['9.007199254740993E15', '9007199254740993'],
  ['5122.34', '5122.34'],
  ['12', '12'],
])('a double of SOAP, %s, reads as %s, digit by digit', (text, plain) => {
  expect(plainDecimal(text)).toBe(plain);
});

test('an amount without a listed currency, and a missing amount, are refused', () => {
  expect(moneyOf('1.5E7', 'JPY')).toEqual({ amountMinor: 15_000_000, currency: 'JPY' });
  expect(() => moneyOf('1', undefined)).toThrow("'currencies'");
  expect(() => moneyOf(undefined, 'USD')).toThrow('missing');
});
