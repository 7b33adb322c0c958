import { z } from 'zod';
import type { Failure } from '../../errors/failure.ts';
import { element, qualifiedName } from './annotations.ts';
import { parsedName } from './names.ts';
import { type Plan, planOf } from './plan.ts';
import { envelopeNamespaces } from './versions.ts';
import { isXmlNode, type XmlNode } from './xml-node.ts';

/** What a connector says that a fault or an answer means. */
export type SoapMeaning = Pick<Failure, 'code' | 'vendorCode' | 'renew' | 'reach' | 'waitMs' | 'permissions'> & {
  /** One sentence that says what is wrong and what to do, without record values, ids or secrets. */
  readonly message?: string;
};

/** A fault, as the vendor sent it. Its reason and detail may quote values: for `classify`, and never for a log. */
export interface SoapFault {
  /** `faultcode` of 1.1 or `Code` of 1.2 without its prefix, for instance `Client` or `Server.userException`. */
  readonly code: string;
  /** Namespace URI of the code, where its prefix is declared. */
  readonly codeNamespace: string;
  /** The innermost `Subcode` of 1.2, without its prefix. */
  readonly subcode: string | undefined;
  /** `faultstring`, or the first `Text` of the `Reason`. */
  readonly reason: string;
  /** The elements of the detail. */
  readonly detail: readonly XmlNode[];
  /** HTTP status that it came with; some vendors send 200. */
  readonly status: number;
}

/** A schema of elements that some servers put into the envelope's namespace, and others into none. */
const anywhere = <Schema extends z.ZodType>(schema: Schema): z.ZodOptional<Schema> =>
  element(schema.optional(), { namespace: '*' });

const Code = z.object({
  Value: anywhere(qualifiedName()),
  get Subcode() {
    return anywhere(Code);
  },
});

/** The fault of both versions in one: their elements differ in every name. */
const Fault = z.object({
  faultcode: anywhere(qualifiedName()),
  faultstring: anywhere(z.string()),
  detail: anywhere(z.unknown()),
  Code: anywhere(Code),
  Reason: anywhere(z.object({ Text: element(z.array(z.string()), { namespace: '*' }) })),
  Detail: anywhere(z.unknown()),
});

/** How faults are read. */
export const faultPlan: Plan = planOf(Fault, { path: 'Fault', namespace: '' });

const innermost = (code: z.output<typeof Code> | undefined): string | undefined =>
  code === undefined ? undefined : (innermost(code.Subcode) ?? code.Value);

/** A fault from what was read by the plan. One that is not as it should be is still a fault. */
export const faultOf = (value: unknown, status: number): SoapFault => {
  const { data } = Fault.safeParse(value);
  const { namespace, name } = parsedName(data?.faultcode ?? data?.Code?.Value ?? '');
  const subcode = innermost(data?.Code?.Subcode);
  const detail = data?.detail ?? data?.Detail;
  return {
    code: name,
    codeNamespace: namespace,
    subcode: subcode === undefined ? undefined : parsedName(subcode).name,
    reason: data?.faultstring ?? data?.Reason?.Text[0] ?? '',
    detail: isXmlNode(detail) ? detail.children : [],
    status,
  };
};

const securityNamespace = /^http:\/\/docs\.oasis-open\.org\/wss\//;

/** Codes of WS-Security 1.1, section 12, that say something about the credentials. */
const credentialCodes = new Set([
  'FailedAuthentication',
  'InvalidSecurity',
  'InvalidSecurityToken',
  'SecurityTokenUnavailable',
  'UnsupportedSecurityToken',
]);

/** Statuses that a SOAP server gives with any fault; all others say something. */
const plainStatuses = new Set([200, 202, 400, 500]);

/** 1.1 lets codes be refined behind a dot, and servers write them without their prefix, or with one of nobody. */
const isStandard = ({ codeNamespace }: SoapFault): boolean =>
  codeNamespace === '' || envelopeNamespaces.includes(codeNamespace);

const meaningOf = (fault: SoapFault): Pick<Failure, 'code' | 'reach' | 'renew'> => {
  const { code, subcode, codeNamespace } = fault;
  const isAboutCredentials =
    (securityNamespace.test(codeNamespace) && credentialCodes.has(code)) ||
    (subcode !== undefined && credentialCodes.has(subcode));
  if (isAboutCredentials) return { code: 'unauthenticated', reach: 'refused', renew: true };
  const kind = code.split('.')[0] ?? '';
  const isOurs = ['Client', 'Sender', 'VersionMismatch', 'MustUnderstand', 'DataEncodingUnknown'].includes(kind);
  if (isStandard(fault) && isOurs) return { code: 'invalid-request', reach: 'refused' };
  // Also for codes of the vendor's own: until the connector says more, nobody knows whether it acted.
  return { code: 'unavailable' };
};

/** Codes are names; a server that writes a sentence there may quote a value in it. */
const shownCode = (code: string): string | undefined => (/^[\w.:-]{1,100}$/.test(code) ? code : undefined);

/** The failure that a fault is, before the connector has its say. `byStatus` is what the HTTP status alone says. */
export const faultFailure = (fault: SoapFault, byStatus: Failure | undefined): Failure => {
  const vendorCode = shownCode(fault.subcode ?? fault.code);
  const shown = vendorCode === undefined ? '' : ` (${vendorCode})`;
  const message = `the vendor answered with a SOAP fault${shown}`;
  if (byStatus !== undefined && !plainStatuses.has(fault.status)) return { ...byStatus, message, vendorCode };
  const { waitMs } = byStatus ?? {};
  return { ...meaningOf(fault), message, vendorCode, status: fault.status, requestId: byStatus?.requestId, waitMs };
};

/**
 * A failure as the connector sees it. What was known of whether the vendor acted holds only for the code that it was
 * known for.
 */
export const withMeaning = (failure: Failure, meaning: SoapMeaning | undefined): Failure => {
  if (meaning === undefined) return failure;
  const { reach, renew, ...rest } = failure;
  return meaning.code === failure.code ? { ...failure, ...meaning } : { ...rest, ...meaning };
};
