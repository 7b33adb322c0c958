import { z } from 'zod';
import { recordId, stamps } from './identity.ts';

/** A place that keeps stock: warehouse or shop. */
export const Location = z
  .object({
    id: recordId,
    name: z.string().meta({ description: 'Name of the location.' }),
    ...stamps,
  })
  .meta({ title: 'Location', description: 'A place that keeps stock: warehouse or shop.' });

/** See the schema of the same name. */
export type Location = z.output<typeof Location>;
