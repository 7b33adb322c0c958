import { isoInstant } from '@mortise/runtime';
import { mapping } from '@mortise/runtime/mapping';
import { z } from 'zod';

/** Records on a page. */
export const pageSize = 100;

const text = z.string().nullish();

/** A contact as a CRM sends it: id and stamps, and its properties one level deeper, as text. */
export const WireContact = z.object({
  id: z.string().min(1),
  createdAt: z.string(),
  updatedAt: z.string(),
  archived: z.boolean().optional(),
  properties: z.object({
    email: text,
    firstname: text,
    lastname: text,
    phone: text,
    company: text,
    address: text,
    city: text,
    state: text,
    zip: text,
    country: text,
  }),
});
/** See the schema of the same name. */
export type WireContact = z.output<typeof WireContact>;

/** What it is mapped to. */
export const Contact = z.object({
  id: z.string().min(1),
  email: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  phone: z.string().nullable(),
  company: z.string().nullable(),
  street: z.string().nullable(),
  city: z.string().nullable(),
  region: z.string().nullable(),
  postalCode: z.string().nullable(),
  country: z.string().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});
/** See the schema of the same name. */
export type Contact = z.output<typeof Contact>;

const cleared = { onMissing: 'null', onEmpty: 'null', clear: '' } as const;

/** Thirteen fields, both directions, every policy said. */
export const contactMapping = mapping(WireContact, Contact, {
  id: { from: 'id', access: 'read' },
  email: { from: 'properties.email', ...cleared },
  firstName: { from: 'properties.firstname', ...cleared },
  lastName: { from: 'properties.lastname', ...cleared },
  phone: { from: 'properties.phone', ...cleared },
  company: { from: 'properties.company', ...cleared },
  street: { from: 'properties.address', ...cleared },
  city: { from: 'properties.city', ...cleared },
  region: { from: 'properties.state', ...cleared },
  postalCode: { from: 'properties.zip', ...cleared },
  country: { from: 'properties.country', ...cleared },
  createdAt: { from: 'createdAt', as: isoInstant, access: 'read' },
  updatedAt: { from: 'updatedAt', as: isoInstant, access: 'read' },
});

/** A page as text, some fields of it empty, null or missing, with properties that nobody asked for. */
export const pageText = (): string =>
  JSON.stringify({
    results: Array.from({ length: pageSize }, (_, number) => ({
      id: String(9_000_000_000 + number),
      createdAt: new Date(1_700_000_000_000 + number * 1_000).toISOString(),
      updatedAt: new Date(1_760_000_000_000 + number * 1_000).toISOString(),
      archived: false,
      properties: {
        email: `person${number}@example.test`,
        firstname: `First ${number}`,
        lastname: `Last ${number}`,
        phone: number % 3 === 0 ? null : `+49 30 ${900_000 + number}`,
        company: number % 4 === 0 ? '' : `Company ${number % 20}`,
        address: `Long Street ${number}`,
        city: `City ${number % 50}`,
        ...(number % 2 === 0 ? { state: 'BE' } : {}),
        zip: String(10_000 + number),
        country: 'Germany',
        createdate: new Date(1_700_000_000_000).toISOString(),
        hs_object_id: String(9_000_000_000 + number),
      },
    })),
    paging: { next: { after: '100' } },
  });
