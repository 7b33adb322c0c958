// The limit: undici, zod's compiled form, the next page read while this one is written, links and checkpoint in one
// SQLite transaction a page. By hand, for these records only, without retries, limits, dead letters or encryption.
import { hash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { DestinationRecord, pageSize, SourcePage } from './records.ts';

const agent = new Agent();
const Page = z.compile(SourcePage);
const Written = z.compile(z.object({ results: z.array(DestinationRecord) }));

const readPage = async (url: string, after: string | undefined) => {
  const { body } = await request(`${url}/customers${after === undefined ? '' : `?after=${after}`}`, {
    dispatcher: agent,
  });
  return Page.parse(await body.json());
};

const writeBatch = async (url: string, inputs: readonly object[]) => {
  const options = { dispatcher: agent, method: 'POST', headers: { 'content-type': 'application/json' } } as const;
  const { body } = await request(`${url}/batch`, { ...options, body: JSON.stringify({ inputs }) });
  return Written.parse(await body.json()).results;
};

const openState = (path: string) => {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec('CREATE TABLE link (source TEXT PRIMARY KEY, destination TEXT NOT NULL, fingerprint TEXT NOT NULL)');
  database.exec('CREATE TABLE checkpoint (sync TEXT PRIMARY KEY, cursor TEXT)');
  const rows = Array.from({ length: pageSize }, () => '(?, ?, ?)').join(', ');
  const link = database.prepare(`INSERT OR REPLACE INTO link VALUES ${rows}`);
  const checkpoint = database.prepare("INSERT OR REPLACE INTO checkpoint VALUES ('customers', ?)");
  return (links: readonly string[], cursor: string | null) => {
    database.exec('BEGIN');
    link.run(...links);
    checkpoint.run(cursor);
    database.exec('COMMIT');
  };
};

/** Moves all records. Gives how many were written. The number of records must be whole pages. */
export const undiciLoop = async (url: string, path: string): Promise<number> => {
  const commit = openState(path);
  let written = 0;
  let pending: ReturnType<typeof readPage> | undefined = readPage(url, undefined);
  while (pending !== undefined) {
    const { results, next }: z.output<typeof SourcePage> = await pending;
    pending = next === null || next === undefined ? undefined : readPage(url, next);
    const inputs = results.map(({ email, firstName, lastName, phone, city }) => ({
      ...{ email, name: `${firstName} ${lastName}`, phone, town: city },
    }));
    const answers = await writeBatch(url, inputs);
    const links = answers.flatMap(({ id }, index) => [
      ...[results[index]?.id ?? '', id, hash('sha256', JSON.stringify(inputs[index]), 'base64url')],
    ]);
    commit(links, next ?? null);
    written += answers.length;
  }
  return written;
};
