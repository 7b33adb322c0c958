import { recordKinds } from '../records/fields.ts';
import { findRecord } from '../records/table.ts';
import { child, childrenOf, childText, type XmlElement } from '../xml/tree.ts';
import { node, type XmlNode } from '../xml/write.ts';
import { type Operation, permissionFor, requireCount, requirePermission, type SoapCall, status } from './call.ts';
import { schemaFailure } from './fault.ts';
import { recordXml } from './record-xml.ts';
import { soapStamp } from './stamps.ts';
import { referenceOf } from './write.ts';

function readResponse(reference: XmlElement, call: SoapCall): XmlNode {
  const { type, key } = referenceOf(reference);
  requirePermission(call, permissionFor(recordKinds[type], 'view'));
  const record = findRecord(call.context.database, type, { key });
  const missing = { code: 'RCRD_DSNT_EXIST', message: 'That record does not exist.' };
  if (record === undefined) return node('platformMsgs:readResponse', status(missing));
  // A record that is read by its key comes whole: the search preferences do not concern it.
  const options = { settings: call.context.state.settings, bodyFieldsOnly: false };
  return node('platformMsgs:readResponse', status(), recordXml('platformMsgs:record', record, options));
}

/** `get` of one record. */
export const getOne: Operation = (request, call) => {
  const reference = child(request, 'baseRef');
  if (reference === undefined) throw schemaFailure('baseRef is missing');
  return [readResponse(reference, call)];
};

/** `getList`: one response for each reference, in their order. */
export const getMany: Operation = (request, call) => {
  const references = childrenOf(request, 'baseRef');
  requireCount(call, { count: references.length, most: call.context.state.settings.maxGetList });
  const responses = references.map((each) => readResponse(each, call));
  return [node('platformMsgs:readResponseList', status(), ...responses)];
};

/** `getServerTime`. */
export const getServerTime: Operation = (_, { context }) => {
  const { clock, settings } = context.state;
  const time = soapStamp(clock.now(), settings.soapOffsetHours);
  return [node('platformCore:getServerTimeResult', status(), node('platformCore:serverTime', time))];
};

/** `getDataCenterUrls`: every domain is this stand-in's own. */
export const getDataCenterUrls: Operation = (request, call) => {
  const { account } = call.context.state.settings;
  const domains = ['restDomain', 'webservicesDomain', 'systemDomain'];
  if (childText(request, 'account') !== account) {
    const refused = { code: 'INVALID_ACCT', message: 'There is no such account.' };
    return [node('platformCore:getDataCenterUrlsResult', status(refused))];
  }
  const urls = domains.map((name) => node(`platformCore:${name}`, call.origin));
  return [node('platformCore:getDataCenterUrlsResult', status(), node('platformCore:dataCenterUrls', ...urls))];
};
