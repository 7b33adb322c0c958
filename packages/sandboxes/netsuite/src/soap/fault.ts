import type { SandboxAnswer } from '@mortise/testing';
import { node, withAttributes, writeXml, type XmlContent } from '../xml/write.ts';
import { namespacesOf, standardNamespaces } from './namespaces.ts';

/** The vendor's fault elements, without `Fault`. */
export type FaultName =
  | 'insufficientPermission'
  | 'invalidAccount'
  | 'invalidCredentials'
  | 'invalidSession'
  | 'invalidVersion'
  | 'exceededConcurrentRequestLimit'
  | 'exceededRequestLimit'
  | 'exceededUsageLimit'
  | 'exceededRecordCount'
  | 'exceededRequestSize'
  | 'unexpectedError';

/** A fault as the vendor answers it; 'none' stands for a body that breaks the schema, which has no fault element. */
export type Fault = { fault: FaultName | 'none'; code: string; message: string };

/** A fault thrown by a handler; undoes the changes of the request. */
export class SoapFailure extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** A request that breaks the vendor's schema. */
export function schemaFailure(what: string): SoapFailure {
  return new SoapFailure({ fault: 'none', code: '', message: `org.xml.sax.SAXException: ${what}` });
}

/** The answer around a body; the header carries the vendor's document number when there is one. */
export function envelope(status: number, body: XmlContent, header?: XmlContent): SandboxAnswer {
  const root = node('soapenv:Envelope', header && node('soapenv:Header', header), node('soapenv:Body', body));
  const attributes = Object.fromEntries(
    Object.entries(standardNamespaces).map(([prefix, uri]) => [`xmlns:${prefix}`, uri]),
  );
  const text = writeXml(withAttributes(root, attributes));
  return { status, headers: { 'content-type': 'text/xml; charset=utf-8' }, text };
}

/**
 * The answer of a fault: HTTP 500. Give its parts to `inject({ kind: 'status', … })` to have a fault on demand; `body`
 * of the rule is `text` here.
 */
export function faultAnswer({ fault, code, message }: Fault, version = '2025_2'): SandboxAnswer {
  const detail = node(
    `platformFaults:${fault}Fault`,
    node('platformFaults:code', code),
    node('platformFaults:message', message),
  );
  const faults = namespacesOf(version).platformFaults;
  const hostname = withAttributes(node('ns1:hostname', 'sandbox'), { 'xmlns:ns1': 'http://xml.apache.org/axis/' });
  const body = node(
    'soapenv:Fault',
    node('faultcode', 'soapenv:Server.userException'),
    node('faultstring', message),
    node('detail', fault !== 'none' && withAttributes(detail, { 'xmlns:platformFaults': faults }), hostname),
  );
  return envelope(500, body);
}
