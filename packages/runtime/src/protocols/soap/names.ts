import { connectorError } from '../../errors/connector-error.ts';

/** What an element or attribute may be called: XML's NCName, a name without a colon. */
const ncName =
  /^[A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\u{10000}-\u{EFFFF}][-.0-9A-Z_a-z\u00B7\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u037D\u037F-\u1FFF\u200C-\u200D\u203F\u2040\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\u{10000}-\u{EFFFF}]*$/u;

/** Control characters, half of a surrogate pair, U+FFFE and U+FFFF: no XML document can hold them, not even escaped. */
const notInXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Whether XML allows this as the name of an element, an attribute or a prefix. */
export const isNcName = (name: string): boolean => ncName.test(name);

/** Whether XML can hold every character of the text. */
export const isXmlText = (text: string): boolean => !notInXml.test(text);

const inText: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  // Alone it would be allowed, but not at the end of `]]>`.
  '>': '&gt;',
  // Bare, a parser turns it into a line feed.
  '\r': '&#13;',
};

/** Bare tabs and line breaks in an attribute become spaces. */
const inAttribute: Readonly<Record<string, string>> = { ...inText, '"': '&quot;', '\t': '&#9;', '\n': '&#10;' };

/** Text as the content of an element. The text must be one that XML can hold. */
export const escapedText = (text: string): string => text.replace(/[&<>\r]/g, (found) => inText[found] ?? found);

/** Text as the value of an attribute in double quotes. The text must be one that XML can hold. */
export const escapedAttribute = (text: string): string =>
  text.replace(/[&<>"\t\n\r]/g, (found) => inAttribute[found] ?? found);

/** A local name and the namespace URI that it belongs to; an empty URI is none. */
export interface ExpandedName {
  readonly namespace: string;
  readonly name: string;
}

/** A name with its namespace in one text: `{urn:shop}item`, or `item` where it has none. */
export const clarkName = ({ namespace, name }: ExpandedName): string =>
  namespace === '' ? name : `{${namespace}}${name}`;

/**
 * Reads `{urn:shop}item` or `item`.
 * @throws ConnectorError `invalid-definition` when it is no name.
 */
export const parsedClarkName = (text: string): ExpandedName => {
  const [, namespace = '', name = ''] = /^(?:\{([^{}]*)\})?([^{}]*)$/.exec(text) ?? [];
  if (isNcName(name)) return { namespace, name };
  throw connectorError('invalid-definition', 'a name is not one that XML allows: give `name` or `{namespace}name`');
};

/** The parts of a name in the form that {@link clarkName} gives, whatever stands in it. */
export const parsedName = (text: string): ExpandedName => {
  const end = text.startsWith('{') ? text.indexOf('}') : -1;
  if (end !== -1) return { namespace: text.slice(1, end), name: text.slice(end + 1) };
  return { namespace: '', name: text.slice(text.indexOf(':') + 1) };
};
