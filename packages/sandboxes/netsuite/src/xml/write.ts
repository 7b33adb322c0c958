/** What can stand inside an element; undefined and false are left out. */
export type XmlContent = string | XmlNode | undefined | false;

/** An element to write: its qualified name, attributes (undefined ones are left out) and content. */
export type XmlNode = {
  name: string;
  attributes: Readonly<Record<string, string | undefined>>;
  content: readonly XmlContent[];
};

/** An element without attributes. */
export function node(name: string, ...content: XmlContent[]): XmlNode {
  return { name, attributes: {}, content };
}

/** The same element with attributes. */
export function withAttributes(element: XmlNode, attributes: XmlNode['attributes']): XmlNode {
  return { ...element, attributes: { ...element.attributes, ...attributes } };
}

const suspect = /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu;

// XML 1.0 has no form for these, not even a reference; the vendor cannot send them either.
function writable(found: string): string {
  const code = found.charCodeAt(0);
  const kept = '\t\n\r'.includes(found) || (code >= 0x7f && code <= 0x9f);
  return kept ? found : '\uFFFD';
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

function escaped(text: string, pattern: RegExp): string {
  return text.replace(suspect, writable).replace(pattern, (found) => escapes[found] ?? found);
}

function written(content: XmlContent): string {
  if (content === undefined || content === false) return '';
  if (typeof content === 'string') return escaped(content, /[&<>\r]/g);
  const attributes = Object.entries(content.attributes).map(([name, value]) =>
    value === undefined ? '' : ` ${name}="${escaped(value, /[&<>"\r\n\t]/g)}"`,
  );
  const inside = content.content.map(written).join('');
  const head = `<${content.name}${attributes.join('')}`;
  return inside === '' ? `${head}/>` : `${head}>${inside}</${content.name}>`;
}

/** Writes a document. */
export function writeXml(root: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root)}`;
}
