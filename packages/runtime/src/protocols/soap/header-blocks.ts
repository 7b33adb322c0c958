import type { SoapHeaderBlocks } from '../../auth/auth.ts';
import { connectorError } from '../../errors/connector-error.ts';
import { defaultXmlLimits } from './limits.ts';
import { type ExpandedName, escapedText, isNcName, parsedClarkName } from './names.ts';
import { attributeText, nilElement, refuseValue, valueText, type WritePlace, wrapped } from './writer.ts';

const refuseName = (name: string, reason: string): never => {
  throw connectorError('invalid-definition', `the SOAP header block '${name}' ${reason}`);
};

/** `{namespace}name`, `prefix:name` with a prefix of the transport, or `name` in the namespace of what is around it. */
const blockName = (
  text: string,
  { inherited, place }: { inherited: string | undefined; place: WritePlace },
): ExpandedName => {
  if (text.startsWith('{')) return parsedClarkName(text);
  const [before = '', name] = text.split(':', 2);
  if (name === undefined) {
    if (!isNcName(before)) return refuseName(text, 'has a name that XML does not allow');
    if (inherited !== undefined) return { namespace: inherited, name: before };
    return refuseName(
      text,
      'needs a namespace: write it {namespace}name, or prefix:name with a prefix of the transport',
    );
  }
  const namespace = place.prefixes.namespaceOf(before);
  if (namespace === undefined || !isNcName(name)) {
    return refuseName(text, `has a prefix that the transport's namespaces do not declare`);
  }
  return { namespace, name };
};

interface Surroundings {
  readonly inherited: string | undefined;
  readonly place: WritePlace;
}

const writtenBlock = (key: string, value: unknown, around: Surroundings): string => {
  const { place } = around;
  if (value === undefined) return '';
  if (place.depth > defaultXmlLimits.depth) return refuseValue(place, 'holds itself, or is nested too deep');
  if (Array.isArray(value)) return value.map((item: unknown) => writtenBlock(key, item, around)).join('');
  const name = blockName(key, around);
  const tag = place.prefixes.written(name);
  if (value === null) return nilElement(tag, place);
  if (typeof value !== 'object') return wrapped(tag, { inner: escapedText(valueText(value, place)) });
  let attributes = '';
  let inner = '';
  for (const [inside, content] of Object.entries(value)) {
    const at = { ...place, path: `${place.path}.${inside}`, depth: place.depth + 1 };
    if (inside === '#text') inner += escapedText(valueText(content, at));
    else if (!inside.startsWith('@')) inner += writtenBlock(inside, content, { inherited: name.namespace, place: at });
    else if (content !== undefined) {
      // An attribute without a prefix has no namespace, whatever its element has.
      const own = blockName(inside.slice(1), { inherited: '', place: at });
      attributes += attributeText(own, valueText(content, at), at);
    }
  }
  return wrapped(tag, { attributes, inner });
};

/**
 * Writes blocks of a SOAP header, in their order: element names to content. A text, number or boolean is the content;
 * null is `xsi:nil`; an array repeats the element; in an object, `@name` is an attribute, `#text` the text, and
 * everything else an element inside, in the namespace of its parent unless its name says another.
 * @throws ConnectorError `invalid-definition` for a name that is none, `invalid-record` for content that XML cannot hold.
 */
export const writtenBlocks = (blocks: SoapHeaderBlocks, place: WritePlace): string =>
  Object.entries(blocks)
    .map(([key, value]) =>
      writtenBlock(key, value, { inherited: undefined, place: { ...place, path: `soapHeader.${key}` } }),
    )
    .join('');
