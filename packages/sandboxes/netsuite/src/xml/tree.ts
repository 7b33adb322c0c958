/** An element with its namespace resolved; texts stand as they came. */
export type XmlElement = {
  /** Namespace URI, '' for none. */
  namespace: string;
  name: string;
  /** Attributes by their local name, but `xsi:type` and `xsi:nil`, which stand apart. */
  attributes: Readonly<Record<string, string>>;
  /** `xsi:type`, resolved. */
  type: { namespace: string; name: string } | undefined;
  nil: boolean;
  children: readonly XmlElement[];
  text: string;
};

/** The first child of a name; undefined when there is none. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((each) => each.name === name);
}

/** The children of a name. */
export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((each) => each.name === name) ?? [];
}

/** The trimmed text of a child; undefined when there is no such child. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  return child(element, name)?.text.trim();
}
