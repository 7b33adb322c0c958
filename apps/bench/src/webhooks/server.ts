// A receiver of webhooks in a process of its own: `server.ts mortise|bare-safe|bare-fast <state file>`. Says its URL over
// IPC and ends with its parent.
import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { sealSecret } from '@mortise/runtime';
import { standardWebhooks, webhookListener } from '@mortise/runtime/webhooks';
import { openStore } from '@mortise/store';
import { secret } from './requests.ts';

const mortise = async (path: string): Promise<RequestListener> => {
  const { inbox } = await openStore({ path, key: randomBytes(32) });
  return webhookListener({ inbox, endpoint: () => ({ webhooks: standardWebhooks, secrets: [sealSecret(secret)] }) });
};

/** What one writes in an afternoon: no signature, no encryption, no bound. */
const bare = (path: string, synchronous: 'FULL' | 'NORMAL'): RequestListener => {
  const file = new DatabaseSync(path);
  file.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`);
  file.exec('CREATE TABLE delivery (key TEXT PRIMARY KEY, body BLOB NOT NULL, at INTEGER NOT NULL)');
  const insert = file.prepare('INSERT INTO delivery VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      insert.run(String(request.headers['webhook-id']), Buffer.concat(chunks), Date.now());
      response.writeHead(200).end();
    });
  };
};

const [, , contender, path = ''] = process.argv;
const listener =
  contender === 'mortise' ? await mortise(path) : bare(path, contender === 'bare-safe' ? 'FULL' : 'NORMAL');
const server = createServer(listener);
server.listen(0, '127.0.0.1', () => {
  // A TCP server has an address and a port once it listens.
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('disconnect', () => process.exit(0));
