import { z } from 'zod';
import { addressFields } from './address.ts';
import { optionalText, recordId, stamps } from './identity.ts';

/** An organisation: account, customer or supplier. */
export const Company = z
  .object({
    id: recordId,
    name: optionalText('Name of the company.'),
    domain: optionalText('Internet domain without scheme and path, for instance example.com.'),
    phone: optionalText('Phone number as the system keeps it.'),
    ...addressFields,
    ...stamps,
  })
  .meta({ title: 'Company', description: 'An organisation: account, customer or supplier.' });

/** See the schema of the same name. */
export type Company = z.output<typeof Company>;
