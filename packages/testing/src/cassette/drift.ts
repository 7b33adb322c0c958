import { type Cassette, type CassetteExchange, readCassette } from './cassette.ts';
import { addShape, type Shape } from './shape.ts';

/** What is known of one endpoint's answers of one status. */
interface Answers {
  /** Headers that matter: the value of those that are compared by it, and whether the others are there. */
  readonly headers: Map<string, Set<string>>;
  readonly shape: Shape;
}

/** By endpoint, and there by status. */
type Endpoints = Map<string, Map<number, Answers>>;

/** Headers of which the value tells: the form of the answer, and which version it was answered in. */
const comparedByValue = /^content-type$|api-version$/;
const comparedByPresence = /^(?:link|etag|location|retry-after|deprecation|sunset)$|rate-?limit|throttl/;

const isId = (part: string): boolean => /\d/.test(part) && !/^(?:v\d+(?:\.\d+)*|\d{4}-\d\d(?:-\d\d)?)$/i.test(part);

const endpointOf = ({ request: { method, path } }: CassetteExchange): string =>
  `${method} ${path
    .split('/')
    .map((part) => (isId(part) ? '{id}' : part))
    .join('/')}`;

const addHeaders = (headers: Answers['headers'], given: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(given)) {
    const told = comparedByValue.test(name) ? (value.split(';')[0] ?? '').trim().toLowerCase() : 'present';
    if (!comparedByValue.test(name) && !comparedByPresence.test(name)) continue;
    headers.set(name, (headers.get(name) ?? new Set()).add(told));
  }
};

const endpointsOf = ({ exchanges }: Cassette): Endpoints => {
  const endpoints: Endpoints = new Map();
  for (const exchange of exchanges) {
    const { response } = exchange;
    const { status, headers } = response;
    const name = endpointOf(exchange);
    const statuses = endpoints.get(name) ?? new Map<number, Answers>();
    endpoints.set(name, statuses);
    const answers = statuses.get(status) ?? { headers: new Map(), shape: new Map() };
    statuses.set(status, answers);
    addHeaders(answers.headers, headers);
    addShape(answers.shape, response);
  }
  return endpoints;
};

const listed = (kinds: ReadonlySet<string>): string => [...kinds].toSorted().join(' or ');

type Kinds = ReadonlyMap<string, ReadonlySet<string>>;

interface Compared {
  readonly before: Kinds;
  readonly after: Kinds;
  readonly what: string;
}

/** A field below one that has gone or come is not told of by itself. */
const isBelow = (path: string, others: ReadonlySet<string>): boolean =>
  [...path.matchAll(/[.[@]/g)].some(({ index }) => others.has(path.slice(0, index)));

const comparedKinds = ({ before, after, what }: Compared): string[] => {
  const vanished = new Set([...before.keys()].filter((path) => !after.has(path)));
  const added = new Set([...after.keys()].filter((path) => !before.has(path)));
  const changed = [...before].flatMap(([path, kinds]) => {
    const now = after.get(path);
    if (now === undefined || listed(now) === listed(kinds)) return [];
    return [`${what} '${path}' was ${listed(kinds)}, is ${listed(now)}`];
  });
  return [
    ...[...vanished].filter((path) => !isBelow(path, vanished)).map((path) => `${what} '${path}' has vanished`),
    ...[...added]
      .filter((path) => !isBelow(path, added))
      .map((path) => `${what} '${path}' is new (${listed(after.get(path) ?? new Set())})`),
    ...changed,
  ];
};

const answersDrift = (before: Answers, after: Answers): string[] => [
  ...comparedKinds({ before: before.headers, after: after.headers, what: 'header' }),
  ...comparedKinds({ before: before.shape, after: after.shape, what: 'field' }),
];

const endpointDrift = (before: Map<number, Answers>, after: Map<number, Answers>): string[] => {
  const lines = [...before].flatMap(([status, answers]) => {
    const now = after.get(status);
    if (now === undefined) return [`status ${status} no longer comes`];
    return answersDrift(answers, now).map((line) => `${status}: ${line}`);
  });
  const added = [...after.keys()].filter((status) => !before.has(status));
  return [...lines, ...added.map((status) => `status ${status} is new`)];
};

/**
 * Compares a cassette with a fresh recording of the same exchanges, in one line for each difference and none where the
 * vendor has stayed the same: statuses, the headers that matter, and the fields of JSON and XML with their types. Values
 * do not count, nor does the order. Rejects with a TypeError for a file that is no cassette.
 */
export const drift = async (cassette: string | Cassette, fresh: string | Cassette): Promise<readonly string[]> => {
  const before = endpointsOf(await readCassette(cassette));
  const after = endpointsOf(await readCassette(fresh));
  const lines = [...before].flatMap(([name, statuses]) => {
    const now = after.get(name);
    return now === undefined
      ? [`${name} was not asked for anew`]
      : endpointDrift(statuses, now).map((line) => `${name} ${line}`);
  });
  const added = [...after.keys()].filter((name) => !before.has(name));
  return [...lines, ...added.map((name) => `${name} was not asked for before`)];
};
