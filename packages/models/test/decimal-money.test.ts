import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currencyDigits, decimalMoney, decimalToMinor, Money, minorToDecimal } from '../src/index.ts';

const currencies = ['EUR', 'USD', 'JPY', 'KWD', 'CLF', 'UYW', 'ISK', 'BHD'];
const anyMoney = fc.record({ amountMinor: fc.maxSafeInteger(), currency: fc.constantFrom(...currencies) });

const reasonOf = (action: () => unknown): string => {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof RangeError) return thrown.message;
  }
  return 'taken';
};

test('money survives the way to decimal text and back', () => {
  fc.assert(
    fc.property(anyMoney, (money) => {
      expect(decimalToMinor(minorToDecimal(money), money.currency)).toEqual(money);
    }),
  );
});

test('decimal text with all the digits of its currency survives the way to money and back', () => {
  const whole = fc.nat({ max: 900_000_000 }).map(String);
  fc.assert(
    fc.property(whole, fc.nat({ max: 99 }), fc.boolean(), (units, cents, negative) => {
      const text = `${negative && (units !== '0' || cents > 0) ? '-' : ''}${units}.${String(cents).padStart(2, '0')}`;
      expect(minorToDecimal(decimalToMinor(text, 'EUR'))).toBe(text);
    }),
  );
});

test('what decimalToMinor gives always fits the Money schema', () => {
  fc.assert(
    fc.property(anyMoney, (money) => Money.safeParse(decimalToMinor(minorToDecimal(money), money.currency)).success),
  );
});

test.each([
  ['12.34', 'EUR', 1234],
  ['12.3', 'EUR', 1230],
  ['12', 'EUR', 1200],
  ['-0.05', 'EUR', -5],
  ['0.29', 'EUR', 29],
  ['1.15', 'EUR', 115],
  ['007.10', 'EUR', 710],
  ['12.3400', 'EUR', 1234],
  ['1000.0', 'JPY', 1000],
  ['1.234', 'KWD', 1234],
  ['0.0001', 'CLF', 1],
  ['90071992547409.91', 'EUR', Number.MAX_SAFE_INTEGER],
  ['-90071992547409.91', 'EUR', Number.MIN_SAFE_INTEGER],
])('%s %s is %d minor units', (text, currency, amountMinor) => {
  expect(decimalToMinor(text, currency)).toEqual({ amountMinor, currency });
});

test('minus nothing is plain zero', () => {
  expect(Object.is(decimalToMinor('-0.00', 'EUR').amountMinor, 0)).toBe(true);
  expect(minorToDecimal({ amountMinor: -0, currency: 'EUR' })).toBe('0.00');
});

test.each([
  '1e3',
  '1E3',
  'NaN',
  'Infinity',
  '',
  ' 12',
  '12 ',
  '12,34',
  '1,234.00',
  '+5',
  '.5',
  '5.',
  '0x10',
  '12\n',
  '٣',
])('%j is refused as no plain decimal number', (text) => {
  expect(reasonOf(() => decimalToMinor(text, 'EUR'))).toBe('amount is not a plain decimal number such as 12.34');
});

test('more digits than the currency has are refused with a reason that does not hold the value', () => {
  expect(reasonOf(() => decimalToMinor('771.345', 'EUR'))).toBe('amount has more than 2 decimal digits');
  expect(reasonOf(() => decimalToMinor('771.5', 'JPY'))).toBe('amount has more than 0 decimal digits');
});

test('amounts beyond a safe integer are refused, however long', () => {
  expect(reasonOf(() => decimalToMinor('90071992547409.92', 'EUR'))).toBe('amount is too large');
  expect(reasonOf(() => decimalToMinor('9'.repeat(100_000), 'EUR'))).toBe('amount is too large');
  expect(reasonOf(() => minorToDecimal({ amountMinor: 2 ** 53, currency: 'EUR' }))).toMatch(/safe integer/);
  expect(reasonOf(() => minorToDecimal({ amountMinor: 0.5, currency: 'EUR' }))).toMatch(/safe integer/);
});

test('a currency has the digits that ISO 4217 gives it', () => {
  expect(['EUR', 'JPY', 'KWD', 'CLF', 'MRU'].map(currencyDigits)).toEqual([2, 0, 3, 4, 2]);
});

test.each(['eur', 'EU', 'EURO', '', 'E1R', 'EUR\n'])('%j is refused as a currency', (currency) => {
  expect(reasonOf(() => currencyDigits(currency))).toBe('currency is not an ISO 4217 code of three capitals');
  expect(reasonOf(() => decimalMoney(currency))).not.toBe('taken');
});

test('the converter keeps to its currency in both directions', () => {
  const price = decimalMoney('EUR');
  expect(price.name).toBe('decimal text in EUR');
  expect(price.decode('12.3')).toEqual({ amountMinor: 1230, currency: 'EUR' });
  expect(price.encode({ amountMinor: 1230, currency: 'EUR' })).toBe('12.30');
  expect(reasonOf(() => price.encode({ amountMinor: 1230, currency: 'USD' }))).toBe('amount is not in EUR');
});
