export {
  attribute,
  content,
  element,
  inNamespace,
  type OwnName,
  qualifiedName,
  typeName,
  unparsed,
} from './annotations.ts';
export type { ClassifyFault, FaultContext, SoapAnswer } from './answer.ts';
export type { SoapFault, SoapMeaning } from './fault.ts';
export type { XmlLimits } from './limits.ts';
export { type SoapOperation, type SoapOperationDefinition, soapOperation } from './operation.ts';
export { type SoapOptions, type SoapRequest, type SoapTransport, soap } from './transport.ts';
export { type UsernameTokenOptions, usernameToken } from './username-token.ts';
export type { SoapVersion } from './versions.ts';
export { childOf, type XmlNode } from './xml-node.ts';
