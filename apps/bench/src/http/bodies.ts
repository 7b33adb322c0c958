const fields = (index: number) => ({
  email: `customer${index}@example.com`,
  ...{ firstname: `Ada ${index}`, lastname: 'Lovelace', phone: `+49 30 ${1_000_000 + index}`, city: 'Köln' },
  ...{ address: `Example Street ${index}`, zip: `${10_000 + index}`, country: 'Germany', lifecyclestage: 'customer' },
  note: 'x'.repeat(150),
});

const page = (idOf: (index: number) => string): string => {
  const rows = Array.from({ length: 100 }, (_, index) => {
    const properties = JSON.stringify(fields(index));
    const stamps = '"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-11-01T00:00:00.000Z"';
    return `{"id":${idOf(index)},"properties":${properties},${stamps},"archived":false}`;
  });
  return `{"results":[${rows.join(',')}],"paging":{"next":{"after":"100"}}}`;
};

/** The answers of the bench's server by path. */
export const bodies: Readonly<Record<string, string>> = {
  small: JSON.stringify({ id: '1', properties: { ...fields(1), more: 'y'.repeat(620) } }),
  page: page((index) => `"${index}"`),
  /** Ids as numbers beyond 2^53: their last digits are lost by JSON.parse. */
  numbers: page((index) => `${9_007_199_254_740_993n + BigInt(index)}`),
  /** Ids as texts of as many digits. */
  texts: page((index) => `"${9_007_199_254_740_993n + BigInt(index)}"`),
};
