/** A value of JSON as SOAP writes it, as text; undefined for null. What is no value of a field stays as it came. */
export const textOf = (value: unknown): unknown => {
  if (value === null) return undefined;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
};

/** A number as text, without noughts at its end: SuiteQL may write `8.0` where the record API has 8. */
export const decimalText = (value: unknown): unknown => {
  const text = textOf(value);
  return typeof text === 'string' && /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;
};
