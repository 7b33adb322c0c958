import { isRecord, parseJson } from '../sandbox/record.ts';
import type { CassetteRequest } from './cassette.ts';
import { plainBody } from './fingerprint.ts';

const longestShown = 60;

const shown = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing');
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
};

/** The leaves of a value by their paths. */
const leaves = (value: unknown, path: string): readonly (readonly [string, unknown])[] => {
  if (Array.isArray(value)) return value.flatMap((each, index) => leaves(each, `${path}[${index}]`));
  if (isRecord(value)) return Object.entries(value).flatMap(([name, each]) => leaves(each, `${path}.${name}`));
  return [[path, value]];
};

const compared = (recorded: ReadonlyMap<string, unknown>, asked: ReadonlyMap<string, unknown>): string[] =>
  [...new Set([...recorded.keys(), ...asked.keys()])]
    .filter((name) => recorded.get(name) !== asked.get(name))
    .map((name) => `${name} was ${shown(recorded.get(name))}, is ${shown(asked.get(name))}`);

const queryOf = (query: string): Map<string, unknown> =>
  new Map([...new URLSearchParams(query)].map(([name, value]) => [`query ${name}`, value]));

const bodyOf = ({ body }: CassetteRequest): Map<string, unknown> | undefined => {
  const value = body !== undefined && 'text' in body ? parseJson(body.text) : undefined;
  if (value === undefined) return undefined;
  return new Map(leaves(value, 'body'));
};

const bodyDifferences = (recorded: CassetteRequest, asked: CassetteRequest): string[] => {
  if (plainBody(recorded.body) === plainBody(asked.body)) return [];
  const [before, after] = [bodyOf(recorded), bodyOf(asked)];
  if (before === undefined || after === undefined) return ['the body is another one'];
  return compared(before, after);
};

/** What tells a request from a recorded one. Values are shown as the cassette would have them: without secrets. */
export const differences = (recorded: CassetteRequest, asked: CassetteRequest): string[] => [
  ...(recorded.method === asked.method ? [] : [`the method was ${recorded.method}`]),
  ...(recorded.path === asked.path ? [] : [`the path was ${recorded.path}`]),
  ...compared(queryOf(recorded.query), queryOf(asked.query)),
  ...bodyDifferences(recorded, asked),
];
