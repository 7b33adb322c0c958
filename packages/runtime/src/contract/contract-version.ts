/** Version of the connector contract. `open` refuses a connector of another one. */
export const contractVersion = 1;
