import { randomUUID } from 'node:crypto';
import type { Route, SandboxAnswer, SandboxRequest } from '@mortise/testing';
import { originOf } from '../origin.ts';
import type { Context, NetSuiteState } from '../types.ts';
import { parseXml } from '../xml/parse.ts';
import { child, type XmlElement } from '../xml/tree.ts';
import { node, withAttributes } from '../xml/write.ts';
import type { SoapCall } from './call.ts';
import { envelope, type Fault, faultAnswer, SoapFailure, schemaFailure } from './fault.ts';
import { namespacesOf, standardNamespaces } from './namespaces.ts';
import { operations } from './operations.ts';
import { checkPassport } from './passport.ts';

/** The envelope's header and its one operation. Throws a fault for anything else. */
function partsOf(request: SandboxRequest): { header: XmlElement | undefined; operation: XmlElement } {
  let root: XmlElement;
  try {
    root = parseXml(request.rawBody.toString('utf8'));
  } catch (error) {
    throw schemaFailure(error instanceof Error ? error.message : String(error));
  }
  if (root.name !== 'Envelope' || root.namespace !== standardNamespaces.soapenv)
    throw schemaFailure('the root is not a SOAP 1.1 envelope');
  const operation = child(root, 'Body')?.children[0];
  if (operation === undefined) throw schemaFailure('the body is empty');
  return { header: child(root, 'Header'), operation };
}

function closedDoor(version: string, { state }: Context): Fault | undefined {
  const { settings, clock } = state;
  if (clock.now() >= settings.soapEndsAt || version !== settings.version || settings.endedVersions.includes(version))
    return {
      fault: 'invalidVersion',
      code: settings.versionFaultCode,
      message: `The endpoint version ${version} is not supported.`,
    };
  if (settings.closed)
    return { fault: 'invalidAccount', code: settings.closedFaultCode, message: 'The account is no longer active.' };
  if (settings.unavailable)
    return {
      fault: 'unexpectedError',
      code: 'ACCT_TEMP_UNAVAILABLE',
      message: 'The account is temporarily unavailable.',
    };
  return undefined;
}

/** Runs one operation; a fault undoes what it did, but not the use of the nonce. */
function performed(operation: XmlElement, call: SoapCall, database: Context['database']): SandboxAnswer {
  const perform = Object.hasOwn(operations, operation.name) ? operations[operation.name] : undefined;
  if (perform === undefined || operation.namespace !== call.namespaces.platformMsgs)
    throw schemaFailure(`{${operation.namespace}}${operation.name} is no operation of this stand-in`);
  database.statement('SAVEPOINT operation').run();
  try {
    const content = perform(operation, call);
    const declared = Object.entries(call.namespaces).map(([prefix, uri]) => [`xmlns:${prefix}`, uri]);
    const body = node(`platformMsgs:${operation.name}Response`, ...content);
    const info = node('platformMsgs:documentInfo', node('platformMsgs:nsId', `WEBSERVICES_${randomUUID()}`));
    const header = withAttributes(info, { 'xmlns:platformMsgs': call.namespaces.platformMsgs });
    return envelope(200, withAttributes(body, Object.fromEntries(declared)), header);
  } catch (error) {
    database.statement('ROLLBACK TO operation').run();
    throw error;
  } finally {
    database.statement('RELEASE operation').run();
  }
}

function blocked(request: SandboxRequest, { state }: Context): Fault | undefined {
  if (request.inFlight <= state.settings.concurrentRequests) return undefined;
  return {
    fault: 'exceededConcurrentRequestLimit',
    code: 'WS_REQUEST_BLOCKED',
    message: 'SuiteTalk concurrent request limit exceeded. Request blocked.',
  };
}

function answered(request: SandboxRequest, version: string, context: Context): SandboxAnswer {
  const shut = closedDoor(version, context) ?? blocked(request, context);
  if (shut !== undefined) return faultAnswer(shut, version);
  try {
    const { header, operation } = partsOf(request);
    checkPassport(header, context);
    const call = { context, header, namespaces: namespacesOf(version), origin: originOf(request) };
    return performed(operation, call, context.database);
  } catch (error) {
    if (!(error instanceof SoapFailure)) throw error;
    return faultAnswer(error.fault, version);
  }
}

function handle(request: SandboxRequest, context: Context): SandboxAnswer {
  const version = /^NetSuitePort_(\d{4}_[12])$/.exec(request.params.port ?? '')?.[1];
  if (version === undefined)
    return { status: 404, headers: { 'content-type': 'text/html' }, text: '<h1>Not Found</h1>' };
  return answered(request, version, context);
}

/** The SOAP endpoint. */
export const soapRoutes: Route<NetSuiteState>[] = [{ method: 'POST', path: '/services/{port}', handle }];
