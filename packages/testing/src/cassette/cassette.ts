import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { isRecord } from '../sandbox/record.ts';

/** A body in a cassette: text as it was, and what is no text in base64. */
export type CassetteBody = { readonly text: string } | { readonly base64: string };

/** A request as it was sent, without its secrets. */
export interface CassetteRequest {
  readonly method: string;
  readonly path: string;
  /** The query string without its question mark, in the order of its names. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: CassetteBody | undefined;
}

/** An answer as it came, inflated and without its secrets. */
export interface CassetteResponse {
  /** HTTP status. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: CassetteBody | undefined;
}

/** One request and its answer. */
export interface CassetteExchange {
  readonly request: CassetteRequest;
  readonly response: CassetteResponse;
}

/** What was said to a vendor and what it answered, in the order of the requests. Holds no secrets. */
export interface Cassette {
  /** Form of the file: 1. */
  readonly cassette: 1;
  /** Names of fields that were redacted besides those that always are; they do not count when requests are matched. */
  readonly fields: readonly string[];
  readonly exchanges: readonly CassetteExchange[];
}

/** Stands in a cassette where the vendor's own origin stood. */
export const originPlace = '{origin}';

/** Writes a cassette so that it is there whole or not at all. */
export const writeCassette = async (path: string, cassette: Cassette): Promise<void> => {
  const unfinished = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(unfinished, `${JSON.stringify(cassette, null, 2)}\n`, { mode: 0o644 });
  await rename(unfinished, path);
};

const isCassette = (value: unknown): value is Cassette =>
  isRecord(value) && value.cassette === 1 && Array.isArray(value.exchanges) && Array.isArray(value.fields);

/** Reads a cassette. Rejects with a TypeError for a file that is none, and with what the file system says. */
export const readCassette = async (given: string | Cassette): Promise<Cassette> => {
  if (typeof given !== 'string') return given;
  const cassette: unknown = JSON.parse(await readFile(given, 'utf8'));
  if (isCassette(cassette)) return cassette;
  throw new TypeError(`${given} is no cassette: record it anew`);
};
