import { type ConnectorError, connectorError, isConnectorError } from '@mortise/runtime';

/** SQLite's primary result codes that are told apart here. */
const codes = {
  perm: 3,
  busy: 5,
  locked: 6,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notDatabase: 26,
} as const;

const damaged = 'is damaged or no database: restore it from a copy; it was left as it is';
const notWritable = 'cannot be written: give this user the right to write the file and its folder';

const refusals: ReadonlyMap<number, string> = new Map([
  [codes.corrupt, damaged],
  [codes.notDatabase, damaged],
  [codes.perm, notWritable],
  [codes.readOnly, notWritable],
  [codes.cannotOpen, notWritable],
  [codes.full, 'has no room: free space on its disk and run again; the last commit stands'],
  [codes.io, 'cannot be read or written: check its disk and run again; the last commit stands'],
]);

/** The lowest byte is the primary code; what is above it says more. */
const primaryCode = (thrown: unknown): number | undefined =>
  thrown instanceof Error && 'errcode' in thrown && typeof thrown.errcode === 'number'
    ? thrown.errcode & 0xff
    : undefined;

/** Whether another process holds the file just now. */
export const isBusy = (thrown: unknown): boolean => {
  const code = primaryCode(thrown);
  return code === codes.busy || code === codes.locked;
};

/** Says what became of the state file in one sentence. */
export const stateError = (thrown: unknown, path: string): ConnectorError => {
  if (isConnectorError(thrown)) return thrown;
  const code = primaryCode(thrown);
  if (isBusy(thrown)) {
    return connectorError('state-busy', `state file ${path} is held by another process: wait for it, or stop it`, {
      cause: thrown,
    });
  }
  const refusal = code === undefined ? undefined : refusals.get(code);
  if (refusal) return connectorError('state-refused', `state file ${path} ${refusal}`, { cause: thrown });
  return connectorError('internal', `state file ${path} did not take a statement: report it`, { cause: thrown });
};
