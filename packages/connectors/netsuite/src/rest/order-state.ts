/** The letters that SuiteQL and the record API have for the states of a sales order, by SOAP's names. */
const states: Readonly<Record<string, string>> = {
  A: '_pendingApproval',
  B: '_pendingFulfillment',
  C: '_cancelled',
  D: '_partiallyFulfilled',
  E: '_pendingBillingPartFulfilled',
  F: '_pendingBilling',
  G: '_fullyBilled',
  H: '_closed',
};

/** Written `B`, and by some accounts `SalesOrd:B`. An unknown one stays as it is, and is refused by the mapping. */
export const stateOf = (status: string): string => {
  const letter = status.split(':').at(-1) ?? status;
  return Object.hasOwn(states, letter) ? (states[letter] ?? status) : status;
};
