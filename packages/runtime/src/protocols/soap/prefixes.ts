import { connectorError } from '../../errors/connector-error.ts';
import { instanceNamespace } from './frame.ts';
import { type ExpandedName, escapedAttribute, isNcName, isXmlText } from './names.ts';

/** Prefixes with a meaning of their own in every request. */
const reserved = ['soap', 'xsi', 'xml', 'xmlns'];

/** The prefixes of one document, given out as they are needed. */
export interface Prefixes {
  /** A name as it is written, for instance `shop:item`. */
  readonly written: (name: ExpandedName) => string;
  /** The namespace of a prefix that the transport declares, or `soap`. */
  readonly namespaceOf: (prefix: string) => string | undefined;
  /** The declarations of all prefixes that were used. */
  readonly declarations: () => string;
}

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
  for (const [prefix, namespace] of Object.entries(namespaces)) {
    if (!isNcName(prefix) || reserved.includes(prefix)) refuse(prefix, 'is reserved or no name that XML allows');
    if (namespace === '' || !isXmlText(namespace)) refuse(prefix, 'needs the URI of a namespace');
  }
  return new Map(Object.entries(namespaces).map(([prefix, namespace]) => [namespace, prefix]));
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
