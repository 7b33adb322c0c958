import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { expect, onTestFinished, test, vi } from 'vitest';
import { isPrivateAddress, publicLookup, refusePrivateName } from '../src/http/addresses.ts';

const closed = [
  ...['0.0.0.0', '10.255.0.1', '100.64.0.1', '100.127.255.255', '100.100.100.200', '127.0.0.1', '169.254.169.254'],
  ...['168.63.129.16', '172.16.0.1', '172.31.255.255', '192.0.0.192', '192.168.0.1', '198.18.0.1', '224.0.0.1'],
  ...['240.0.0.1', '255.255.255.255', '::', '::1', '::ffff:10.0.0.1', '::10.0.0.1', '64:ff9b::a00:1', '64:ff9b:1::1'],
  ...[
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    '2001::1',
    '2002:a00:1::',
  ],
  ...['100::1', 'localhost', '', '1.2.3', '999.1.1.1'],
];
const open = [
  ...['1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '128.0.0.0', '172.15.0.1', '172.32.0.1'],
  ...[
    '169.253.0.1',
    '192.167.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00::1',
    '::ffff:1.1.1.1',
    '64:ff9b::101:101',
  ],
];

test('only hosts of the public internet are public', () => {
  expect(closed.filter((address) => !isPrivateAddress(address))).toEqual([]);
  expect(open.filter((address) => isPrivateAddress(address))).toEqual([]);
});

/** Makes the system's lookup answer these addresses. */
const resolveTo = (...addresses: readonly { address: string; family: number }[]) => {
  const lookup = (_host: string, _options: object, callback: (...answer: unknown[]) => void) =>
    callback(null, addresses);
  const spy = vi.spyOn(dns, 'lookup').mockImplementation(lookup as typeof dns.lookup);
  syncBuiltinESMExports();
  onTestFinished(() => {
    spy.mockRestore();
    syncBuiltinESMExports();
  });
};

const looked = (all: boolean) =>
  new Promise((resolve) => publicLookup('files.example.com', { all }, (...answer: unknown[]) => resolve(answer)));

test('the lookup of a socket gives what it has checked, in both forms that sockets ask for', async () => {
  const addresses = [
    { address: '1.1.1.1', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ];
  resolveTo(...addresses);
  expect(await looked(true)).toEqual([null, addresses]);
  expect(await looked(false)).toEqual([null, '1.1.1.1', 4]);
});

test('it gives none where one of them is private', async () => {
  resolveTo({ address: '1.1.1.1', family: 4 }, { address: '10.0.0.1', family: 4 });
  expect(await looked(true)).toMatchObject([{ code: 'unsafe-url' }, '']);
  await expect(refusePrivateName('files.example.com')).rejects.toMatchObject({ code: 'unsafe-url' });
});

test('a name that cannot be resolved here is left to whoever opens the socket', async () => {
  await expect(refusePrivateName('nowhere.invalid')).resolves.toBeUndefined();
});
