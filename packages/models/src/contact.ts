import { z } from 'zod';
import { addressFields } from './address.ts';
import { customFields, optionalText, recordId, stamps } from './identity.ts';

/** A person: customer, lead or buyer. */
export const Contact = z
  .object({
    id: recordId,
    email: optionalText('Email address as the system keeps it; compare without regard to case.'),
    firstName: optionalText('Given name.'),
    lastName: optionalText('Family name.'),
    phone: optionalText('Phone number as the system keeps it.'),
    company: optionalText('Name of the company, as text; not a reference.'),
    ...addressFields,
    ...stamps,
    custom: customFields,
  })
  .meta({ title: 'Contact', description: 'A person: customer, lead or buyer.' });

/** See the schema of the same name. */
export type Contact = z.output<typeof Contact>;
