import { connectorError } from '../errors/connector-error.ts';
import { generatedReader, generatedWriter, type Read, type Write } from './generated.ts';

/** A record whose shape is the business of its schema. */
export type Fields = Record<string, unknown>;

/** A path as its keys, split once when the mapping is defined. */
export type KeyPath = readonly string[];

/** Whether there is anything to read a key from. */
export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** Keys that every object inherits, `__proto__` and `constructor` among them, would reach beyond the record. */
const isInherited = (key: string): boolean => key in Object.prototype || key === 'prototype';

/**
 * Splits a dotted or tuple path.
 * @throws ConnectorError `invalid-definition` for an empty key or one that every object inherits.
 */
export const keyPath = (path: string | KeyPath): KeyPath => {
  const keys = typeof path === 'string' ? path.split('.') : [...path];
  for (const key of keys) refuseKey(key, pathText(keys));
  return keys;
};

/** @throws ConnectorError `invalid-definition` for an empty key or one that every object inherits. */
export const refuseKey = (key: string, where: string): void => {
  if (key === '') throw connectorError('invalid-definition', `the path '${where}' has an empty key: name every step`);
  if (isInherited(key)) {
    throw connectorError(
      'invalid-definition',
      `'${where}' uses the key '${key}', which every object inherits: rename it`,
    );
  }
};

/** For people: `properties.email`, or `properties['a.b']` where a key holds a dot. */
export const pathText = (keys: KeyPath): string =>
  keys.map((key, index) => (key.includes('.') ? `['${key}']` : index === 0 ? key : `.${key}`)).join('');

/** Reads a path; a parent that is null, missing or no record reads as missing. */
export const reader = (keys: KeyPath): Read => generatedReader(keys) ?? walkingReader(keys);

const walkingReader = (keys: KeyPath): Read => {
  const [first = '', second, ...rest] = keys;
  if (second === undefined) return (record) => record[first];
  if (rest.length > 0) {
    const deep = walkingReader([second, ...rest]);
    return (record) => {
      const inner = record[first];
      return isFields(inner) ? deep(inner) : undefined;
    };
  }
  return (record) => {
    const inner = record[first];
    return isFields(inner) ? inner[second] : undefined;
  };
};

/** Writes a path and makes the parents that are not there yet. */
export const writer = (keys: KeyPath): Write => generatedWriter(keys) ?? walkingWriter(keys);

const walkingWriter = (keys: KeyPath): Write => {
  const [first = '', ...rest] = keys;
  if (rest.length === 0) {
    return (record, value) => {
      record[first] = value;
    };
  }
  const deep = walkingWriter(rest);
  return (record, value) => {
    const inner = record[first];
    if (isFields(inner)) return deep(inner, value);
    const made: Fields = {};
    record[first] = made;
    deep(made, value);
  };
};
