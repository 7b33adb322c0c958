import { type ConnectorError, connectorError, isConnectorError } from '../errors/connector-error.ts';
import {
  type ConnectionAccess,
  missingOf,
  namesOf,
  type OperationPermissions,
  type Permission,
} from './permissions.ts';

/** What is known about the permissions of the operation that failed. */
export interface ExplainedPlace {
  readonly access: ConnectionAccess;
  readonly permissions: OperationPermissions;
  readonly operation: string;
}

/** The same error with another message; its code too is among what would be spread. */
const reworded = (error: ConnectorError, message: string, more: Partial<ConnectorError> = {}): ConnectorError => {
  const { cause } = error;
  return connectorError(more.code ?? error.code, message, { ...error, ...more, cause });
};

const explained = /: it (?:lacks|needs) the permission '/;

/**
 * Completes an error that only a person can mend: a refusal names the permission that is missing, or those that the
 * operation needs where nobody can tell what is granted; refused credentials say how to get new ones.
 */
export const explainedError = async (error: ConnectorError, place: ExplainedPlace): Promise<ConnectorError> => {
  const { access, permissions, operation } = place;
  if (error.code === 'unauthenticated') return withRemedy(error, access.remedy);
  // A batch explains its error before the call as a whole does.
  if (error.code !== 'forbidden' || explained.test(error.message)) return error;
  if (error.permissions !== undefined) return naming(error, { lacking: error.permissions, verb: 'lacks' });
  const own = Object.entries(permissions).find(([name]) => name === operation)?.[1] ?? [];
  const needed = [...access.base, ...own];
  let granted: readonly string[] | undefined;
  try {
    granted = await access.granted();
  } catch (thrown) {
    // The vendor does not even know who asks: then it is not a permission that is missing.
    if (isConnectorError(thrown) && thrown.code === 'unauthenticated')
      return unauthenticated(error, { thrown, access });
  }
  if (granted === undefined) return naming(error, { lacking: needed, verb: 'needs' });
  return naming(error, { lacking: missingOf(needed, granted), verb: 'lacks' });
};

const naming = (
  error: ConnectorError,
  { lacking, verb }: { readonly lacking: readonly Permission[]; readonly verb: 'lacks' | 'needs' },
): ConnectorError => {
  if (lacking.length === 0) return error;
  const names = lacking.map((permission) => namesOf(permission).join("' or '")).join("' and '");
  const named = `the permission '${names}'`;
  // A batch explains what its request rejected with before the operation as a whole does.
  if (error.message.includes(named)) return error;
  const permissions = lacking.map((permission) => namesOf(permission)[0]);
  return reworded(error, `${error.message}: it ${verb} ${named}`, { permissions });
};

const unauthenticated = (
  error: ConnectorError,
  { thrown, access }: { readonly thrown: ConnectorError; readonly access: ConnectionAccess },
): ConnectorError => withRemedy(reworded(error, thrown.message, { code: 'unauthenticated' }), access.remedy);

const withRemedy = (error: ConnectorError, remedy: string | undefined): ConnectorError => {
  if (remedy === undefined || error.message.includes(remedy)) return error;
  return reworded(error, `${error.message}: ${remedy}`);
};
