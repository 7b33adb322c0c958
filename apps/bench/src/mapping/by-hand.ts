// What a careful user writes instead of schema and mapping: every check that the schema makes, and every policy of the
// rules, in two functions that know their one record.
import type { Contact, WireContact } from './records.ts';

type Loose = Record<string, unknown>;

const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const needed = (value: unknown, path: string): string => {
  if (typeof value === 'string') return value;
  throw new TypeError(`${path}: expected string`);
};

const nullish = (value: unknown, path: string): string | null | undefined => {
  if (value === undefined || value === null || typeof value === 'string') return value;
  throw new TypeError(`${path}: expected string, null or nothing`);
};

const flag = (value: unknown, path: string): boolean | undefined => {
  if (value === undefined || typeof value === 'boolean') return value;
  throw new TypeError(`${path}: expected boolean or nothing`);
};

/** The record with what is declared of it alone. */
export const checkedByHand = (record: unknown): WireContact => {
  if (!isRecord(record)) throw new TypeError('expected a record');
  const { properties } = record;
  if (!isRecord(properties)) throw new TypeError('properties: expected a record');
  const id = needed(record.id, 'id');
  if (id === '') throw new TypeError('id: is empty');
  const archived = flag(record.archived, 'archived');
  return {
    id,
    createdAt: needed(record.createdAt, 'createdAt'),
    updatedAt: needed(record.updatedAt, 'updatedAt'),
    ...(archived === undefined ? {} : { archived }),
    properties: {
      email: nullish(properties.email, 'properties.email'),
      firstname: nullish(properties.firstname, 'properties.firstname'),
      lastname: nullish(properties.lastname, 'properties.lastname'),
      phone: nullish(properties.phone, 'properties.phone'),
      company: nullish(properties.company, 'properties.company'),
      address: nullish(properties.address, 'properties.address'),
      city: nullish(properties.city, 'properties.city'),
      state: nullish(properties.state, 'properties.state'),
      zip: nullish(properties.zip, 'properties.zip'),
      country: nullish(properties.country, 'properties.country'),
    },
  };
};

const orNull = (value: string | null | undefined): string | null => (value === '' ? null : (value ?? null));

const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

const instant = (text: string, path: string): Date => {
  const date = new Date(iso.test(text) ? text : Number.NaN);
  if (Number.isNaN(date.getTime())) throw new TypeError(`${path}: is no instant`);
  return date;
};

/** Wire record to model. */
export const decodedByHand = ({ id, createdAt, updatedAt, properties }: WireContact): Contact => ({
  id,
  email: orNull(properties.email),
  firstName: orNull(properties.firstname),
  lastName: orNull(properties.lastname),
  phone: orNull(properties.phone),
  company: orNull(properties.company),
  street: orNull(properties.address),
  city: orNull(properties.city),
  region: orNull(properties.state),
  postalCode: orNull(properties.zip),
  country: orNull(properties.country),
  createdAt: instant(createdAt, 'createdAt'),
  updatedAt: instant(updatedAt, 'updatedAt'),
});

/** Model to what is written. */
export const encodedByHand = (contact: Omit<Contact, 'id' | 'createdAt' | 'updatedAt'>) => ({
  properties: {
    email: contact.email ?? '',
    firstname: contact.firstName ?? '',
    lastname: contact.lastName ?? '',
    phone: contact.phone ?? '',
    company: contact.company ?? '',
    address: contact.street ?? '',
    city: contact.city ?? '',
    state: contact.region ?? '',
    zip: contact.postalCode ?? '',
    country: contact.country ?? '',
  },
});
