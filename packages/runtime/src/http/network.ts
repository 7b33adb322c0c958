import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { z } from 'zod';
import type { ConnectionFacts } from '../contract/connection-facts.ts';
import { revealSecret, type Secret, secret } from '../contract/secret.ts';
import { parseSettings } from '../contract/settings.ts';
import { connectorError } from '../errors/connector-error.ts';

/** How the network is reached; given to `open(connector, { network })`. TLS verification has no switch. */
export const NetworkSettings = z.strictObject({
  /**
   * `http://` or `https://` URL of a proxy. Requests to https go through a tunnel (CONNECT), so that the proxy sees
   * only the host. With a user name and password in it, give it as a secret, for instance `env('PROXY_URL')`.
   */
  proxy: secret().optional(),
  /** Certificates of authorities to trust instead of those that Node.js knows, PEM. */
  ca: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
  /** Certificate and private key that this side shows to hosts which demand one, PEM. */
  clientCertificate: z.strictObject({ cert: z.string().min(1), key: secret() }).optional(),
});

/** How the network is reached, checked. */
export interface Network {
  readonly proxy: URL | undefined;
  /** For node:tls, to the vendor's own hosts. */
  readonly tls: {
    readonly ca?: string | string[];
    readonly cert?: string;
    readonly key?: string;
    readonly rejectUnauthorized: true;
  };
}

const checkedProxy = (given: Secret | undefined, { connector, remember }: ConnectionFacts): URL | undefined => {
  if (given === undefined) return undefined;
  const proxy = URL.parse(revealSecret(given));
  if (proxy === null || !/^https?:$/.test(proxy.protocol)) {
    throw connectorError('invalid-settings', "setting 'proxy' is not an http:// or https:// URL", { connector });
  }
  if (proxy.password !== '') remember(decodeURIComponent(proxy.password), true);
  return proxy;
};

/**
 * Checks the network settings of a connection.
 * @throws ConnectorError `invalid-settings`.
 */
export const networkOf = (facts: ConnectionFacts): Network => {
  const { connector, options, remember } = facts;
  const given = parseSettings(NetworkSettings, { input: options.network, owner: { connector, kind: 'setting' } });
  if (options.network !== undefined && options.fetch !== undefined) {
    const reason = "'network' and 'fetch' exclude each other: the fetch that is given reaches the network its own way";
    throw connectorError('invalid-settings', reason, { connector });
  }
  const { ca, clientCertificate } = given;
  const key = clientCertificate && revealSecret(clientCertificate.key);
  const tls: Network['tls'] = {
    // Said expressly, because Node.js would else take a no from NODE_TLS_REJECT_UNAUTHORIZED.
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca }),
    ...(clientCertificate && key !== undefined && { cert: clientCertificate.cert, key }),
  };
  if (key !== undefined) remember(key, true);
  try {
    // Sockets make it anew each time: what is wrong with a PEM is said now and not with the first call.
    createSecureContext(tls);
    // An authority that is no certificate would be passed over there.
    for (const authority of [ca ?? []].flat()) new X509Certificate(authority);
  } catch {
    const reason = "'network.ca' or 'network.clientCertificate' is not PEM, or the key is not the certificate's";
    throw connectorError('invalid-settings', reason, { connector });
  }
  return { proxy: checkedProxy(given.proxy, facts), tls };
};
