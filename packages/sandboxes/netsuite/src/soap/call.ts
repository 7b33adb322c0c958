import type { RecordKind } from '../records/fields.ts';
import type { Context } from '../types.ts';
import { child, childText, type XmlElement } from '../xml/tree.ts';
import { node, withAttributes, type XmlContent, type XmlNode } from '../xml/write.ts';
import { SoapFailure } from './fault.ts';
import type { Namespaces } from './namespaces.ts';

/** One SOAP call that has passed the door. */
export type SoapCall = {
  context: Context;
  header: XmlElement | undefined;
  namespaces: Namespaces /** Where the caller found us. */;
  origin: string;
};

/** Answers the content of `<name>Response`. Throws a {@link SoapFailure} for a fault. */
export type Operation = (request: XmlElement, call: SoapCall) => readonly XmlContent[];

/** A failure in a body: code and message of the vendor. */
export type Detail = { code: string; message: string; afterSubmitFailed?: boolean };

/** The status element; a detail makes it one of failure. */
export function status(detail?: Detail): XmlNode {
  if (detail === undefined) return withAttributes(node('platformCore:status'), { isSuccess: 'true' });
  const told = node(
    'platformCore:statusDetail',
    node('platformCore:code', detail.code),
    node('platformCore:message', detail.message),
    detail.afterSubmitFailed === true && node('platformCore:afterSubmitFailed', 'true'),
  );
  const typed = withAttributes(told, { type: 'ERROR' });
  return withAttributes(node('platformCore:status', typed), { isSuccess: 'false' });
}

/** Throws insufficientPermissionFault unless the role may do this. */
export function requirePermission({ context }: SoapCall, permission: string): void {
  const granted = context.state.settings.grantedPermissions;
  if (granted === undefined || granted.includes(permission)) return;
  const message = `Permission Violation: the role lacks the permission ${permission}.`;
  throw new SoapFailure({ fault: 'insufficientPermission', code: 'INSUFFICIENT_PERMISSION', message });
}

/** Throws exceededRecordCountFault when a list is longer than the vendor takes. */
export function requireCount({ context }: SoapCall, { count, most }: { count: number; most: number }): void {
  if (count <= most) return;
  const code = context.state.settings.recordCountFaultCode;
  const message = `The maximum number of records (${most}) allowed for this operation has been exceeded.`;
  throw new SoapFailure({ fault: 'exceededRecordCount', code, message });
}

/** A preference of the header, such as `pageSize` of `searchPreferences`. */
export function preference({ header }: SoapCall, block: string, name: string): string | undefined {
  return childText(child(header, block), name);
}

/** The permission that reading or writing a record type needs. */
export function permissionFor({ type }: RecordKind, access: 'view' | 'edit'): string {
  return `${type}:${access}`;
}
