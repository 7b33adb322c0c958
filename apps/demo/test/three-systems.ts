import { readField } from '@mortise/runtime';

const bearer = { authorization: 'Bearer sandbox-token' };

/** How many records the ERP has, as its own REST tells. */
export const erpCount = async (url: string) => {
  const count = async (type: string): Promise<unknown> => {
    const answer = await fetch(`${url}/services/rest/record/v1/${type}?limit=1`, { headers: bearer });
    return readField(await answer.json(), 'totalResults');
  };
  return { customers: await count('customer'), orders: await count('salesOrder') };
};

/** Counts stock in the ERP, as people do there. */
export const countStock = async (url: string, counted: { sku: string; location: string; onHand: number }) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/__sandbox/stock`, { method: 'POST', headers, body: JSON.stringify(counted) });
  if (answer.status !== 204) throw new Error(`the ERP refused the count: ${await answer.text()}`);
};

/** The shop as its administrator uses it. */
export const shopAdmin = (url: string) => {
  const send = async (query: string): Promise<unknown> => {
    const headers = { 'content-type': 'application/json', 'x-shopify-access-token': 'sandbox-token' };
    const target = `${url}/admin/api/2026-10/graphql.json`;
    const answer: unknown = await (
      await fetch(target, { method: 'POST', headers, body: JSON.stringify({ query }) })
    ).json();
    return readField(answer, 'data');
  };
  return {
    /** Renames the first customer. */
    renameCustomer: async (lastName: string): Promise<{ email: string }> => {
      const found = await send('{ customers(first: 1) { nodes { id email } } }');
      const id = String(readField(found, 'customers.nodes.0.id'));
      const fields = `identifier: { id: "${id}" }, input: { lastName: "${lastName}" }`;
      const set = await send(`mutation { customerSet(${fields}) { customer { lastName } userErrors { message } } }`);
      if (readField(set, 'customerSet.customer.lastName') !== lastName) throw new Error('the shop kept the old name');
      return { email: String(readField(found, 'customers.nodes.0.email')) };
    },
    /** The units on hand of a SKU at each location. */
    stockOf: async (sku: string): Promise<readonly unknown[]> => {
      const fields = 'inventoryLevels(first: 10) { nodes { quantities(names: ["on_hand"]) { quantity } } }';
      const found = await send(`{ inventoryItems(first: 1, query: "sku:'${sku}'") { nodes { ${fields} } } }`);
      const nodes = readField(found, 'inventoryItems.nodes.0.inventoryLevels.nodes');
      return Array.isArray(nodes) ? nodes.map((node: unknown) => readField(node, 'quantities.0.quantity')) : [];
    },
  };
};
