import type { ServerResponse } from 'node:http';
import { type Cassette, type CassetteExchange, type CassetteRequest, originPlace, readCassette } from './cassette.ts';
import { differences } from './differences.ts';
import { fingerprintOf } from './fingerprint.ts';
import { cassetteRequest, listen, withOrigin } from './listener.ts';
import { redactionOf, type Secrets } from './redaction.ts';

/** What is replayed. */
export interface ReplayOptions extends Pick<Secrets, 'secrets'> {
  /** Path of the file, or the cassette itself. */
  readonly cassette: string | Cassette;
  /** TCP port to listen on; a free one unless given. */
  readonly port?: number | undefined;
}

/** A replay under way. */
export interface Replay {
  /** Base URL to use in the vendor's place. */
  readonly url: string;
  /** Requests that the cassette has no answer to, and what differs; empty when all is well. */
  readonly unmatched: () => readonly string[];
  /** Exchanges of the cassette that nobody asked for. */
  readonly unused: () => readonly string[];
  /** Ends it. Never rejects. */
  readonly close: () => Promise<void>;
}

/**
 * Serves a cassette on loopback, without a network. A request gets the answer that was recorded to the same method,
 * path, query and body, in the order of the recording; credentials do not count. One without an answer gets a 400 that
 * says what differs, and is listed in `unmatched()`. Rejects with a TypeError for a file that is no cassette.
 */
export const replay = async ({ cassette: given, secrets, port = 0 }: ReplayOptions): Promise<Replay> => {
  const cassette = await readCassette(given);
  const redaction = redactionOf({ secrets, fields: cassette.fields });
  const waiting = new Set(cassette.exchanges);
  const unmatched: string[] = [];
  const listener = await listen(port, async (heard, response) => {
    const request = cassetteRequest(heard, { redaction, origin: listener.origin });
    const wanted = fingerprintOf(request);
    const found = [...waiting].find((exchange) => fingerprintOf(exchange.request) === wanted);
    if (found !== undefined) {
      waiting.delete(found);
      return send(response, { exchange: found, origin: listener.origin });
    }
    const reason = unmatchedReason(request, { cassette, waiting });
    unmatched.push(reason);
    response.writeHead(400, { 'content-type': 'application/json', 'x-mortise-replay': 'unmatched' });
    response.end(JSON.stringify({ error: reason }));
  });
  return {
    url: listener.origin,
    unmatched: () => [...unmatched],
    unused: () => [...waiting].map(({ request }) => nameOf(request)),
    close: listener.close,
  };
};

const nameOf = ({ method, path, query }: CassetteRequest): string =>
  `${method} ${path}${query === '' ? '' : `?${query}`}`;

const send = (
  response: ServerResponse,
  { exchange, origin }: { exchange: CassetteExchange; origin: string },
): Promise<void> => {
  const { status, headers, body } = exchange.response;
  const here = (text: string) => withOrigin(text, [originPlace, origin]);
  const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, here(value)]));
  response.writeHead(status, given);
  if (body === undefined) response.end();
  else response.end('text' in body ? here(body.text) : Buffer.from(body.base64, 'base64'));
  return Promise.resolve();
};

interface Recorded {
  readonly cassette: Cassette;
  readonly waiting: ReadonlySet<CassetteExchange>;
}

const unmatchedReason = (request: CassetteRequest, { cassette, waiting }: Recorded): string => {
  const name = nameOf(request);
  const wanted = fingerprintOf(request);
  const times = cassette.exchanges.filter((exchange) => fingerprintOf(exchange.request) === wanted).length;
  if (times > 0) return `${name} was recorded ${times === 1 ? 'once' : `${times} times`} and asked for more often`;
  const nearest = [...waiting]
    .map(({ request: recorded }) => ({ recorded, differs: differences(recorded, request) }))
    .toSorted((left, right) => left.differs.length - right.differs.length)[0];
  if (nearest === undefined) return `${name} was not recorded, and nothing recorded is left`;
  return `${name} was not recorded; the nearest is ${nameOf(nearest.recorded)}: ${nearest.differs.join('; ')}`;
};
