import { createRequire } from 'node:module';
import type { SaxesParser } from 'saxes';
import { connectorError } from '../../errors/connector-error.ts';

/** The parser with namespaces, as this folder uses it. */
export type XmlParser = SaxesParser<{ xmlns: true; position: false }>;

/** Makes a parser of one document. */
export type MakeParser = () => XmlParser;

const peer = 'saxes';

/**
 * Loads the XML parser, an optional peer of this package. Required and not imported: `connect` cannot wait, a static
 * import would fail in Node's words before anybody makes a transport, and one that is awaited at the top of the module
 * could not be required any more.
 * @throws ConnectorError `invalid-settings` naming the package to install.
 */
export const loadParser = (): MakeParser => {
  const require = createRequire(import.meta.url);
  try {
    const saxes: typeof import('saxes') = require(peer);
    return () => new saxes.SaxesParser({ xmlns: true, position: false });
  } catch (cause) {
    throw connectorError('invalid-settings', `SOAP needs the package '${peer}': npm install ${peer}`, { cause });
  }
};
