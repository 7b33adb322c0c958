import {
  type ConnectionAccess,
  missingOf,
  namesOf,
  type Permission,
  permissionsOperation,
} from '../contract/permissions.ts';
import { type ConnectorError, connectorError, isConnectorError } from '../errors/connector-error.ts';

/** The same error with another message; its code too is among what would be spread. */
const reworded = (error: ConnectorError, message: string, more: Partial<ConnectorError> = {}): ConnectorError => {
  const { cause } = error;
  return connectorError(more.code ?? error.code, message, { ...error, ...more, cause });
};

const neededFor = ({ base, permissionsOf }: ConnectionAccess, operation: string): readonly Permission[] => {
  const [resource = '', name] = operation.split('.');
  const own = Object.entries(permissionsOf(resource) ?? {}).find(([each]) => each === name)?.[1] ?? [];
  return [...base, ...own];
};

/**
 * Completes an error that only a person can mend: a refusal names the permission that is missing, or those that the
 * operation needs where nobody can tell what is granted; refused credentials say how to get new ones.
 */
export const explainedError = async (
  error: ConnectorError,
  { access, operation }: { readonly access: ConnectionAccess; readonly operation: string },
): Promise<ConnectorError> => {
  if (error.code === 'unauthenticated') return withRemedy(error, access.remedy);
  // Asking what is granted may be refused too.
  if (error.code !== 'forbidden' || operation === permissionsOperation) return error;
  if (error.permissions !== undefined) return naming(error, { lacking: error.permissions, verb: 'lacks' });
  const needed = neededFor(access, operation);
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
