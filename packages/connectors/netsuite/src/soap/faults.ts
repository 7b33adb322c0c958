import type { ConnectorErrorCode } from '@mortise/runtime';
import { childOf, type SoapMeaning, type SoapOptions } from '@mortise/runtime/soap';
import { codeMeaning, plainCode } from '../vendor-codes.ts';
import { soapVersion } from '../vendor-facts.ts';

type Meaning = Pick<SoapMeaning, 'code' | 'reach' | 'message'>;

const login =
  'NetSuite does not accept the login: check account, keys and role, that the token is active, and that this clock is right';

/** What NetSuite's fault elements mean, by name. Each of a message says what the user does next. */
const meanings: Readonly<Record<string, Meaning>> = {
  invalidCredentialsFault: { code: 'unauthenticated', reach: 'refused', message: login },
  invalidSessionFault: { code: 'unauthenticated', reach: 'refused', message: login },
  invalidAccountFault: {
    code: 'invalid-settings',
    message: "NetSuite does not know the account of the setting 'account', or has closed it: check it with NetSuite",
  },
  invalidVersionFault: {
    code: 'schema-drift',
    message: `NetSuite no longer answers SOAP version ${soapVersion}: set 'api' to 'rest', or update the connector`,
  },
  exceededConcurrentRequestLimitFault: { code: 'rate-limited', reach: 'refused' },
  exceededRequestLimitFault: { code: 'rate-limited', reach: 'refused' },
  exceededUsageLimitFault: { code: 'rate-limited', reach: 'refused' },
  exceededRecordCountFault: { code: 'too-large', reach: 'refused' },
  exceededRequestSizeFault: { code: 'too-large', reach: 'refused' },
};

/** A code that says more than the fault that it comes in. */
const tellingCodes: ReadonlySet<ConnectorErrorCode> = new Set(['unavailable', 'forbidden', 'rate-limited']);

/** Reads the detail of a fault: which of NetSuite's it is, its code, and of its message the permission alone. */
export const classifyFault: NonNullable<SoapOptions['classify']> = ({ detail, reason }) => {
  const fault = detail.find(({ name }) => name.endsWith('Fault'));
  const code = childOf(fault, 'code')?.text ?? '';
  const message = childOf(fault, 'message')?.text ?? reason;
  const isForbidden = fault?.name === 'insufficientPermissionFault';
  const byCode = codeMeaning({ code: isForbidden ? 'INSUFFICIENT_PERMISSION' : code, message });
  const byName = fault === undefined ? undefined : meanings[fault.name];
  const vendorCode = plainCode(code);
  if (byCode !== undefined && tellingCodes.has(byCode.code)) return byCode;
  return byName === undefined ? byCode : { ...byName, vendorCode };
};
