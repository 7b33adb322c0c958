import { z } from 'zod';

/** Id of a record in the system that owns it, as text: a number becomes its digits. Required, never null, never empty. */
export const recordId = z
  .string()
  .min(1)
  .meta({ title: 'Id', description: 'Id of the record in the system that owns it, as text.' });

/** Id of another record of the same system, or null when there is none. */
export const referenceId = (description: string) => z.string().min(1).nullable().meta({ description });

/** Text that a system may not know: null is known to be empty. */
export const optionalText = (description: string) => z.string().nullable().meta({ description });

/** A moment in time, UTC. Invalid dates are refused. */
const instant = (description: string) => z.date().meta({ description });

/** When the record came to be and when it last changed, by the clock of the system that owns it. Required, never null. */
export const stamps = {
  createdAt: instant('When the record was created in the system that owns it, UTC.'),
  updatedAt: instant('When the record last changed in the system that owns it, UTC.'),
};

/**
 * Fields that one account has beyond the model, under the vendor's own names. Absent until a host gives them at `open`,
 * which also says what they are.
 */
export const customFields = z
  .object({})
  .optional()
  .meta({ description: 'Fields of one account beyond the model, given at open; absent otherwise.' });
