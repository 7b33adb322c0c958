import { isUtf8 } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import { type Cassette, type CassetteExchange, type CassetteResponse, originPlace, writeCassette } from './cassette.ts';
import { cassetteRequest, type HeardRequest, listen, spokenHeaders, withOrigin } from './listener.ts';
import { type Redaction, redactionOf, type Secrets } from './redaction.ts';

/** What is recorded, and where to. */
export interface RecordOptions extends Secrets {
  /** Base URL of the vendor or its sandbox. */
  readonly target: string;
  /** Path of the file to write, in a folder that is there. */
  readonly cassette: string;
  /** TCP port to listen on; a free one unless given. */
  readonly port?: number | undefined;
}

/** A recording under way. */
export interface Recording {
  /** Base URL to use in the target's place. */
  readonly url: string;
  /** Ends it and writes the cassette. Rejects with what the file system says. */
  readonly close: () => Promise<Cassette>;
}

/**
 * Starts a proxy on loopback in front of a vendor or its sandbox that keeps what is said, without secrets: headers,
 * query and body fields by their names, and the given values wherever they stand. Nothing is written before `close`.
 * Rejects with a TypeError for a target that is no URL and for secrets of less than six characters.
 */
export const record = async (options: RecordOptions): Promise<Recording> => {
  const target = new URL(options.target);
  const { fields = [], port = 0 } = options;
  const redaction = redactionOf(options);
  // By the order of the requests, whenever their answers came.
  const exchanges: (CassetteExchange | undefined)[] = [];
  const listener = await listen(port, async (heard, response) => {
    const place = exchanges.push(undefined) - 1;
    const answer = await forward(heard, target);
    const request = cassetteRequest(heard, { redaction, origin: listener.origin });
    exchanges[place] = { request, response: cassetteResponse(answer, { redaction, origin: target.origin }) };
    send(response, here(answer, [target.origin, listener.origin]));
  });
  return {
    url: `${listener.origin}${target.pathname.replace(/\/$/, '')}`,
    close: async () => {
      await listener.close();
      const whole = exchanges.filter((exchange) => exchange !== undefined);
      const cassette: Cassette = { cassette: 1, fields, exchanges: whole };
      await writeCassette(options.cassette, cassette);
      return cassette;
    },
  };
};

/** An answer, inflated. */
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

const forward = async ({ method, url, headers, bytes }: HeardRequest, target: URL): Promise<Answer> => {
  const { host: _host, connection: _connection, 'content-length': _length, ...sent } = headers;
  const response = await fetch(`${target.origin}${url.pathname}${url.search}`, {
    method,
    headers: sent,
    body: bytes.length === 0 ? null : new Uint8Array(bytes),
    redirect: 'manual',
  });
  return {
    status: response.status,
    headers: spokenHeaders(response.headers),
    bytes: Buffer.from(await response.arrayBuffer()),
  };
};

const cassetteResponse = (
  { status, headers, bytes }: Answer,
  { redaction, origin }: { redaction: Redaction; origin: string },
): CassetteResponse => {
  const body = redaction.body(bytes, headers['content-type'] ?? '');
  const place = (text: string) => withOrigin(text, [origin, originPlace]);
  const kept = Object.entries(redaction.headers(headers)).map(([name, value]) => [name, place(value)]);
  return {
    status,
    headers: Object.fromEntries(kept),
    ...(body !== undefined && { body: 'text' in body ? { text: place(body.text) } : body }),
  };
};

/** The vendor's links lead back to the proxy, or the next page would go past it. */
const here = ({ status, headers, bytes }: Answer, change: readonly [string, string]): Answer => ({
  status,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, withOrigin(value, change)])),
  bytes: isUtf8(bytes) ? Buffer.from(withOrigin(bytes.toString('utf8'), change)) : bytes,
});

const send = (response: ServerResponse, { status, headers, bytes }: Answer): void => {
  response.writeHead(status, headers);
  response.end(bytes);
};
