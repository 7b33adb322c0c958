import type { FaultRule, SandboxAnswer } from '@mortise/testing';
import { failureAnswer, RestFailure } from './rest/failure.ts';
import { defaultSettings } from './settings.ts';
import { type Fault, faultAnswer } from './soap/fault.ts';

function ruleOf({ status, headers, text, json }: SandboxAnswer): FaultRule {
  return { kind: 'status', status, body: json ?? text, ...(headers === undefined ? {} : { headers }) };
}

/** A rule for `inject` that answers the next request with a SOAP fault of the vendor; add `match`, `nth`, `count`, `when`. */
export function soapFaultRule(
  fault: Fault,
  { version = defaultSettings.version }: { version?: string } = {},
): FaultRule {
  return ruleOf(faultAnswer(fault, version));
}

/** An error of the REST services: HTTP status, `o:errorCode`, `detail`, and headers such as `retry-after`. */
export type RestError = { status: number; code: string; message: string; headers?: Record<string, string> };

/** A rule for `inject` that answers the next request with a REST error of the vendor; add `match`, `nth`, `count`, `when`. */
export function restFaultRule({ status, code, message, headers = {} }: RestError): FaultRule {
  return ruleOf(failureAnswer(new RestFailure(status, code, { message, headers })));
}
