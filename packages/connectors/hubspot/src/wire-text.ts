import { z } from 'zod';

/** A property of HubSpot: text or null, absent where it was not asked for. */
export const propertyText = z.string().nullish();

/** What every object has beside its properties. */
export const objectFields = {
  id: z.string().min(1),
  createdAt: z.string(),
  updatedAt: z.string(),
  archived: z.boolean().optional(),
};

/** How a text property is read and cleared: HubSpot takes the empty text as "no value" and gives null back. */
export const cleared = { onMissing: 'null', onEmpty: 'null', clear: '' } as const;
