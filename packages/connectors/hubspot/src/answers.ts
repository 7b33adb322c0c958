import { connectorError } from '@mortise/runtime';
import { z } from 'zod';

/** An object as HubSpot sends it, not yet held to the schema of its resource. */
export const Row = z.looseObject({ id: z.string(), properties: z.looseObject({}) });
/** See the schema of the same name. */
export type Row = z.output<typeof Row>;

const Next = z.object({ next: z.object({ after: z.string() }).optional() }).optional();

/** A page of a list or a search. */
export const ObjectPage = z.object({ results: z.array(Row), paging: Next, total: z.number().optional() });

/** A page of archived objects. */
export const ArchivedPage = z.object({
  results: z.array(z.object({ id: z.string(), archivedAt: z.string().optional() })),
  paging: Next,
});

/** One entry of the errors of a batch. What cannot be read of it must not hide that the others were written. */
export const BatchError = z.object({
  category: z.string().optional(),
  errors: z
    .array(
      z.object({
        code: z.string().optional(),
        context: z.object({ propertyName: z.array(z.string()).optional() }).optional(),
      }),
    )
    .optional()
    .catch(undefined),
  context: z.record(z.string(), z.array(z.string())).optional().catch(undefined),
});
/** See the schema of the same name. */
export type BatchError = z.output<typeof BatchError>;

/** The answer to a batch of objects: 200, or 207 where some of it failed. */
export const ObjectBatch = z.object({ results: z.array(Row), errors: z.array(BatchError).optional() });
/** See the schema of the same name. */
export type ObjectBatch = z.output<typeof ObjectBatch>;

/** An answer's body as the schema says. @throws ConnectorError `unexpected-content` without naming a value. */
export const parseAnswer = <Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') || 'its top';
  throw connectorError('unexpected-content', `the answer of HubSpot is not of its documented form at ${where}`);
};
