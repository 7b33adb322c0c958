import { connectorError } from '../../errors/connector-error.ts';
import { instanceNamespace } from './frame.ts';
import { type ExpandedName, escapedAttribute, isNcName, isXmlText } from './names.ts';

/** Prefixes with a meaning of their own in every request. */
const reserved = ['soap', 'xsi', 'xml', 'xmlns'];
/** Bound to `xml` in every document, and to no other prefix. */
const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';
/** Never bound, and the declarations themselves. */
const declarationNamespace = 'http://www.w3.org/2000/xmlns/';

/** The prefixes of one document, given out as they are needed. */
export interface Prefixes {
  /** A name as it is written, for instance `shop:item`. */
  readonly written: (name: ExpandedName) => string;
  /** The namespace of a prefix that the transport declares, or `soap`. */
  readonly namespaceOf: (prefix: string) => string | undefined;
  /** The declarations of all prefixes that were used. */
  readonly declarations: () => string;
}

const isNamespace = (uri: string): boolean =>
  uri !== '' && uri !== xmlNamespace && uri !== declarationNamespace && isXmlText(uri);

/** Prefixes of a transport by namespace. */
export type KnownPrefixes = ReadonlyMap<string, string>;

/**
 * Checks the prefixes that a transport declares.
 * @throws ConnectorError `invalid-definition`.
 */
export const knownPrefixes = (namespaces: Readonly<Record<string, string>>): KnownPrefixes => {
  const refuse = (prefix: string, reason: string): never => {
    throw connectorError('invalid-definition', `the SOAP namespace prefix '${prefix}' ${reason}`);
  };
  const known = new Map<string, string>();
  for (const [prefix, namespace] of Object.entries(namespaces)) {
    if (!isNcName(prefix) || reserved.includes(prefix)) refuse(prefix, 'is reserved or no name that XML allows');
    if (!isNamespace(namespace) || known.has(namespace))
      refuse(prefix, 'needs the URI of a namespace, and one of its own');
    known.set(namespace, prefix);
  }
  return known;
};

/** The prefixes of a new document with an envelope of the given namespace. */
export const documentPrefixes = (known: KnownPrefixes, envelope: string): Prefixes => {
  const used = new Map<string, string>([[envelope, 'soap']]);
  const taken = new Set(known.values());
  let count = 0;

  const free = (): string => {
    do count += 1;
    while (taken.has(`n${count}`));
    return `n${count}`;
  };
  const prefixOf = (namespace: string): string => {
    const there = used.get(namespace);
    if (there !== undefined) return there;
    if (namespace === xmlNamespace) return 'xml';
    if (!isNamespace(namespace)) throw connectorError('invalid-definition', 'a SOAP namespace is none that XML allows');
    const prefix = namespace === instanceNamespace ? 'xsi' : (known.get(namespace) ?? free());
    used.set(namespace, prefix);
    return prefix;
  };
  const namespaceOf = (prefix: string): string | undefined => {
    if (prefix === 'soap') return envelope;
    for (const [namespace, given] of known) if (given === prefix) return namespace;
    return undefined;
  };
  return {
    written: ({ namespace, name }) => (namespace === '' ? name : `${prefixOf(namespace)}:${name}`),
    namespaceOf,
    declarations: () =>
      [...used].map(([namespace, prefix]) => ` xmlns:${prefix}="${escapedAttribute(namespace)}"`).join(''),
  };
};
