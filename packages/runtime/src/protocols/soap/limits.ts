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
