import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { connectorError } from '../errors/connector-error.ts';

/** IPv4 networks that are not the public internet, by RFC 6890 and what clouds keep their metadata on. */
const closedNetworks: readonly (readonly [address: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  // Carrier-grade NAT; Alibaba's metadata (100.100.100.200) lies in it.
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local: the metadata of most clouds (169.254.169.254).
  ['169.254.0.0', 16],
  // Azure's metadata, a public address by its number only.
  ['168.63.129.16', 32],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, reserved, broadcast.
  ['224.0.0.0', 3],
];

const closed = new BlockList();
for (const [address, prefix] of closedNetworks) closed.addSubnet(address, prefix, 'ipv4');
// Inside the public range of IPv6 and yet not public: Teredo and its like, documentation, 6to4.
closed.addSubnet('2001::', 23, 'ipv6');
closed.addSubnet('2001:db8::', 32, 'ipv6');
closed.addSubnet('2002::', 16, 'ipv6');

const open = new BlockList();
// All that is routed in public today. Everything else is refused: loopback, unique local, link-local, multicast.
open.addSubnet('2000::', 3, 'ipv6');

/** IPv4 addresses spelled in IPv6: mapped, and as a network that has only IPv6 translates them. */
const translated = new BlockList();
translated.addSubnet('::ffff:0:0', 96, 'ipv6');
translated.addSubnet('64:ff9b::', 96, 'ipv6');

/** The IPv4 address in the last 32 bits of an IPv6 address, as a URL spells it: `::ffff:7f00:1`. */
const lastFour = (address: string): string => {
  const spelled = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':');
  const [high = 0, low = 0] = spelled.slice(-2).map((part) => Number.parseInt(part || '0', 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
};

/** Whether an IP address is anything else than a host of the public internet. */
export const isPrivateAddress = (address: string): boolean => {
  const [plain = ''] = address.split('%');
  if (isIP(plain) === 4) return closed.check(plain, 'ipv4');
  if (isIP(plain) !== 6) return true;
  if (translated.check(plain, 'ipv6')) return closed.check(lastFour(plain), 'ipv4');
  return !open.check(plain, 'ipv6') || closed.check(plain, 'ipv6');
};

const refusal = (host: string) =>
  connectorError('unsafe-url', `the vendor points to ${host}, which is a private address: nothing was sent there`);

/**
 * Refuses a host that the vendor named where it is spelled as a private address. URL parsers have turned decimal, octal
 * and hexadecimal spellings into the usual one by now.
 * @throws ConnectorError `unsafe-url`.
 */
export const refusePrivateLiteral = ({ hostname, host }: URL): void => {
  const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  if (isIP(literal) !== 0 && isPrivateAddress(literal)) throw refusal(host);
};

/** The addresses of a name, or the error that refuses one of them. */
const publicAddresses = (
  hostname: string,
  {
    options,
    done,
  }: {
    options: { family?: number | undefined; hints?: number | undefined };
    done: (error: Error | null, addresses: LookupAddress[]) => void;
  },
): void => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, []);
    // One is enough: which of them a socket takes is not ours to say.
    const isRefused = addresses.some(({ address }) => isPrivateAddress(address));
    done(isRefused ? refusal(hostname) : null, isRefused ? [] : addresses);
  });
};

const familyOf = (family: unknown): number | undefined => {
  if (family === 'IPv4') return 4;
  if (family === 'IPv6') return 6;
  return typeof family === 'number' ? family : undefined;
};

/**
 * A lookup for sockets to hosts that the vendor named. The socket connects to what was checked here, so that a name
 * which answers differently the second time (DNS rebinding) gains nothing.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  const { family, hints, all } = options;
  publicAddresses(hostname, {
    options: { family: familyOf(family), hints },
    done: (error, addresses) => {
      const [first] = addresses;
      if (error !== null) return callback(error, '');
      if (all === true) return callback(null, addresses);
      callback(null, first?.address ?? '', first?.family);
    },
  });
};

/**
 * Looks a host up where the socket is somebody else's: a proxy's or a fetch's of the host. A name that only they can
 * resolve is left to them.
 * @throws ConnectorError `unsafe-url` for a private address.
 */
export const refusePrivateName = (hostname: string): Promise<void> =>
  new Promise((resolve, reject) => {
    publicAddresses(hostname, {
      options: {},
      done: (error) => (error === null || 'syscall' in error ? resolve() : reject(error)),
    });
  });
