/** Versions of SOAP. */
export type SoapVersion = '1.1' | '1.2';

interface VersionFacts {
  /** Namespace of the envelope. */
  readonly namespace: string;
  readonly mediaType: string;
}

/** How the versions differ on the wire. */
export const soapVersions: Readonly<Record<SoapVersion, VersionFacts>> = {
  '1.1': { namespace: 'http://schemas.xmlsoap.org/soap/envelope/', mediaType: 'text/xml' },
  '1.2': { namespace: 'http://www.w3.org/2003/05/soap-envelope', mediaType: 'application/soap+xml' },
};

/** Namespaces of the envelopes of both versions. A server may answer in the other one than it was asked in. */
export const envelopeNamespaces: readonly string[] = Object.values(soapVersions).map(({ namespace }) => namespace);
