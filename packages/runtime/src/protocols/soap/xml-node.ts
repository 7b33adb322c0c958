/** An element that no schema describes, for instance in the detail of a fault. */
export interface XmlNode {
  /** Local name, without a prefix. */
  readonly name: string;
  /** Namespace URI; empty for none. */
  readonly namespace: string;
  /** By local name, or by `{namespace}name` where the attribute has one. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
  /** Its own text, without that of its children. */
  readonly text: string;
}

/** Whether a value is an {@link XmlNode}. */
export const isXmlNode = (value: unknown): value is XmlNode =>
  typeof value === 'object' && value !== null && 'children' in value && 'attributes' in value;

/** The first child of a local name, in whatever namespace. */
export const childOf = (node: XmlNode | undefined, name: string): XmlNode | undefined =>
  node?.children.find((child) => child.name === name);
