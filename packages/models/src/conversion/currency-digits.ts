import { refused } from './converter.ts';

/** ISO 4217 currencies whose minor unit is not a hundredth, by the number of their digits. */
const exceptions: ReadonlyMap<string, number> = new Map(
  Object.entries({
    0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
    3: 'BHD IQD JOD KWD LYD OMR TND',
    4: 'CLF UYW',
  }).flatMap(([digits, codes]) => codes.split(' ').map((code): [string, number] => [code, Number(digits)])),
);

/**
 * Number of digits after the decimal point by ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD. A code that is not among the
 * exceptions has 2.
 * @throws RangeError when the code is not three capitals; the message does not hold it.
 */
export const currencyDigits = (currency: string): number => {
  if (!/^[A-Z]{3}$/.test(currency)) throw refused('currency is not an ISO 4217 code of three capitals');
  return exceptions.get(currency) ?? 2;
};
