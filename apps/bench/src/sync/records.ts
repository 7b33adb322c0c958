import { z } from 'zod';

/** Records on a page, and in a write request. */
export const pageSize = 100;

/** What the bench's source sends: a small customer. */
export const SourceRecord = z.object({
  id: z.string(),
  updatedAt: z.string(),
  email: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  phone: z.string().nullable(),
  city: z.string(),
});

/** What the bench's destination takes and answers. */
export const DestinationRecord = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  phone: z.string().nullable(),
  town: z.string(),
});

/** Where the page begins, and where the next one does. */
export const SourcePage = z.object({ results: z.array(SourceRecord), next: z.string().nullish() });

const firstStamp = Date.parse('2026-01-01T00:00:00.000Z');

/** One page of the source as JSON text, made anew each time: a million kept ones would be the server's memory. */
export const renderPage = (start: number, records: number): string => {
  const rows: string[] = [];
  const end = Math.min(records, start + pageSize);
  for (let index = start; index < end; index += 1) {
    const updatedAt = new Date(firstStamp + index * 1_000).toISOString();
    const phone = index % 3 === 0 ? 'null' : `"+49 30 ${index}"`;
    rows.push(
      `{"id":"c${index}","updatedAt":"${updatedAt}","email":"customer${index}@example.com","firstName":"Ada ${index}","lastName":"Lovelace","phone":${phone},"city":"Köln"}`,
    );
  }
  const next = end < records ? `"${end}"` : 'null';
  return `{"results":[${rows.join(',')}],"next":${next}}`;
};
