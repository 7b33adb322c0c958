/** Prefixes of the namespaces as the vendor writes them. */
export type NamespacePrefix =
  | 'platformMsgs'
  | 'platformCore'
  | 'platformCommon'
  | 'platformFaults'
  | 'listRel'
  | 'listAcct'
  | 'tranSales';

/** Namespaces of one version of the endpoint, by prefix. */
export type Namespaces = Readonly<Record<NamespacePrefix, string>>;

/** SOAP 1.1 and its companions. */
export const standardNamespaces = {
  soapenv: 'http://schemas.xmlsoap.org/soap/envelope/',
  xsd: 'http://www.w3.org/2001/XMLSchema',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
} as const;

/** The namespaces of a version, `2025_2` for example. */
export function namespacesOf(version: string): Namespaces {
  const uri = (name: string, area: string): string => `urn:${name}_${version}.${area}.webservices.netsuite.com`;
  return {
    platformMsgs: uri('messages', 'platform'),
    platformCore: uri('core', 'platform'),
    platformCommon: uri('common', 'platform'),
    platformFaults: uri('faults', 'platform'),
    listRel: uri('relationships', 'lists'),
    listAcct: uri('accounting', 'lists'),
    tranSales: uri('sales', 'transactions'),
  };
}
