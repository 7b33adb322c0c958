/**
 * A small GraphQL client for Vendure's two APIs: login, one request at a time, many mutations in one request.
 */

/** Rows asked for in one list request; the Admin API refuses more than 1,000, the Shop API more than 100. */
const PAGE = 500;

/**
 * One mutation of a batch.
 * @typedef {object} Operation
 * @property {string} field the mutation, such as createCustomer
 * @property {Record<string, [type: string, value: unknown]>} arguments GraphQL type and value of each argument
 * @property {string} [selection] the fields to read back, with their braces; nothing for scalar results
 */

/**
 * @typedef {object} Client
 * @property {(query: string, variables?: object) => Promise<any>} send one request; resolves to `data`
 * @property {(operations: Operation[]) => Promise<any[]>} mutate all operations in one request, in order
 * @property {(list: { field: string, selection: string }) => Promise<any[]>} listAll every row of a list query
 */

/** @param {Response} response @param {any} body */
function checkResponse(response, body) {
  const error = body?.errors?.[0];
  if (error) throw new Error(`Vendure refused ${error.path?.join('.') ?? 'the query'}: ${error.message}`);
  if (!response.ok) throw new Error(`Vendure answered HTTP ${response.status}.`);
}

/** @param {string} url @param {{ headers: object, body: string }} options */
async function post(url, options) {
  try {
    return await fetch(url, { method: 'POST', ...options });
  } catch (error) {
    throw new Error(`No answer from ${url}: start the server first, or mend the address.`, { cause: error });
  }
}

/** Vendure reports refusals as data: a member of the result union with an errorCode. @param {any} result */
function checkResult(field, result) {
  if (result?.errorCode) throw new Error(`Vendure refused ${field}: ${result.errorCode}`);
  return result;
}

/** @param {Operation[]} operations */
function writeDocument(operations) {
  const declarations = [];
  const fields = [];
  const variables = {};
  for (const [index, { field, arguments: list, selection = '' }] of operations.entries()) {
    const given = Object.entries(list).map(([name, [type, value]]) => {
      const variable = `${name}${index}`;
      declarations.push(`$${variable}: ${type}`);
      variables[variable] = value;
      return `${name}: $${variable}`;
    });
    fields.push(`m${index}: ${field}${given.length > 0 ? `(${given.join(', ')})` : ''} ${selection}`);
  }
  const head = declarations.length > 0 ? `(${declarations.join(', ')})` : '';
  return { query: `mutation ${head} {\n${fields.join('\n')}\n}`, variables };
}

/**
 * Logs in and returns a client.
 * @param {{ url: string, username: string, password: string }} options url: the Admin or Shop API
 * @returns {Promise<Client>}
 * @throws {Error} when the server does not answer or refuses the login
 */
export async function logIn({ url, username, password }) {
  let token;

  async function send(query, variables = {}) {
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const response = await post(url, { headers, body: JSON.stringify({ query, variables }) });
    const body = await response.json();
    checkResponse(response, body);
    token = response.headers.get('vendure-auth-token') ?? token;
    return body.data;
  }

  async function mutate(operations) {
    if (operations.length === 0) return [];
    const { query, variables } = writeDocument(operations);
    const data = await send(query, variables);
    return operations.map(({ field }, index) => checkResult(field, data[`m${index}`]));
  }

  async function listAll({ field, selection }) {
    const rows = [];
    for (;;) {
      const options = `{ take: ${PAGE}, skip: ${rows.length}, sort: { id: ASC } }`;
      const { [field]: page } = await send(`{ ${field}(options: ${options}) { totalItems items ${selection} } }`);
      rows.push(...page.items);
      if (page.items.length === 0 || rows.length >= page.totalItems) return rows;
    }
  }

  const { login } = await send(
    `mutation ($username: String!, $password: String!) {
      login(username: $username, password: $password) { __typename ... on ErrorResult { errorCode } }
    }`,
    { username, password },
  );
  checkResult('login', login);
  return { send, mutate, listAll };
}
