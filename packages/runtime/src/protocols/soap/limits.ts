import { connectorError } from '../../errors/connector-error.ts';

/** How much work one answer may cause. Each bounds the nodes that are built before the answer is refused. */
export interface XmlLimits {
  /** Most elements inside each other: 100 unless given. */
  readonly depth: number;
  /** Most attributes of one element: 256 unless given. */
  readonly attributes: number;
  /** Most elements of a document: 1,000,000 unless given. */
  readonly elements: number;
  /** Most references such as `&amp;` and `&#65;` in a document: 500,000 unless given. */
  readonly references: number;
}

/** The limits of a transport that gives none. */
export const defaultXmlLimits: XmlLimits = {
  depth: 100,
  attributes: 256,
  elements: 1_000_000,
  references: 500_000,
};

/**
 * The limits of a transport: those given, over the defaults.
 * @throws ConnectorError `invalid-definition` for one that is no whole number above zero: none of them means "no limit".
 */
export const xmlLimits = (given: Partial<XmlLimits> = {}): XmlLimits => {
  for (const [name, limit] of Object.entries(given)) {
    if (Number.isInteger(limit) && limit > 0) continue;
    throw connectorError('invalid-definition', `the SOAP limit '${name}' must be a whole number above zero`);
  }
  return { ...defaultXmlLimits, ...given };
};
