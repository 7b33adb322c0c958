import { connectorError, type ItemOutcome, readField } from '@mortise/runtime';
import { documents } from './documents.ts';
import { userErrorOf } from './user-errors.ts';
import type { ShopifyCall } from './vendor.ts';

/** A customer to write. Addresses are left out: `customerSet` deletes those that it is not told of. */
export interface WrittenCustomer {
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly defaultEmailAddress?: { readonly emailAddress?: string | null } | null;
  readonly defaultPhoneNumber?: { readonly phoneNumber?: string | null } | null;
}

const withoutEmail = () => {
  const issues = [{ path: 'defaultEmailAddress.emailAddress', reason: 'is empty' }];
  return connectorError('invalid-record', 'the customer has no email address to be found by', { issues });
};

/** The mapping's empty text for "nothing"; what is not given stays as it is. */
const orNull = (text: string | null | undefined) => (text === '' ? null : text);

/** One customer, found by its email address. Shopify does not say whether it is new. */
export const setCustomer = async (
  call: ShopifyCall,
  [written]: readonly WrittenCustomer[],
): Promise<readonly ItemOutcome<unknown>[]> => {
  if (written === undefined) return [];
  const { firstName, lastName, defaultEmailAddress, defaultPhoneNumber } = written;
  const email = defaultEmailAddress?.emailAddress?.trim();
  const phone = defaultPhoneNumber?.phoneNumber;
  if (email === undefined || email === '') return [{ ok: false, error: withoutEmail() }];
  const { data } = await call.transports.admin.send({
    document: documents.setCustomer,
    variables: {
      identifier: { email },
      input: { email, firstName: orNull(firstName), lastName: orNull(lastName), phone: orNull(phone) },
    },
    effect: 'external-id',
  });
  const payload = readField(data, 'customerSet');
  const error = userErrorOf(payload);
  return [error === undefined ? { ok: true, record: readField(payload, 'customer') } : { ok: false, error }];
};
