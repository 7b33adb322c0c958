import { conversionRefused, converter, lossy } from '../../src/mapping/converter.ts';

const exact = (value: number): number => {
  if (!Number.isFinite(value)) throw conversionRefused('is not a finite number');
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw conversionRefused('is a whole number beyond 2^53');
  return value;
};

/** A number as text, as `numberText` of the models has it. */
export const numberText = converter('number as text', {
  decode: (text: string): number => {
    if (!/^[+-]?[\d.]+(?:e[+-]?\d+)?$/i.test(text)) throw conversionRefused('is not a number');
    return exact(Number(text));
  },
  encode: (value: number): string => String(exact(value)),
});

export const booleanText = converter("'true' | 'false'", {
  decode: (text: string): boolean => {
    if (text !== 'true' && text !== 'false') throw conversionRefused("is neither 'true' nor 'false'");
    return text === 'true';
  },
  encode: (value: boolean): string => String(value),
});

export const epochMilliseconds = converter('epoch milliseconds', {
  decode: (milliseconds: number): Date => new Date(milliseconds),
  encode: (instant: Date): number => instant.getTime(),
});

export const trimmed = lossy('trimmed text', {
  loss: 'surrounding spaces',
  decode: (text: string): string => text.trim(),
  encode: (text: string): string => text.trim(),
});
