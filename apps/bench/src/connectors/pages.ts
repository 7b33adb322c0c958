/** How many records a page has, as HubSpot's lists at most. */
export const pageRecords = 100;

/** The properties that the mapping of the connector asks for. */
export const contactProperties = [
  ...['email', 'firstname', 'lastname', 'phone', 'company', 'address', 'city', 'state', 'zip', 'country'],
] as const;

const properties = (id: number) => ({
  email: `customer${id}@example.com`,
  ...{ firstname: `Ada ${id}`, lastname: 'Lovelace', phone: `+49 30 ${1_000_000 + id}`, company: 'Example Ltd' },
  ...{ address: `Example Street ${id}`, city: 'Köln', state: null, zip: `${10_000 + (id % 80_000)}`, country: 'Germany' },
  createdate: '2026-01-01T00:00:00.000Z',
  hs_object_id: String(id),
  lastmodifieddate: '2026-11-01T00:00:00.000Z',
});

const contact = (id: number) => ({
  id: String(id),
  properties: properties(id),
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-11-01T00:00:00.000Z',
  archived: false,
});

/** A page of HubSpot contacts, the first one of number 0, with the cursor of the next one where there is one. */
export const contactPage = (number: number, pages: number): string => {
  const results = Array.from({ length: pageRecords }, (_, index) => contact(number * pageRecords + index + 1));
  const after = String(number + 1);
  const paging = { next: { after, link: `https://api.hubapi.com/crm/v3/objects/contacts?after=${after}` } };
  return JSON.stringify(number + 1 < pages ? { results, paging } : { results });
};
