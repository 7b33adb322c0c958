import { type ConnectorError, connectorError } from '../errors/connector-error.ts';
import { type ConnectionAccess, missingOf, namesOf, type OperationPermissions } from './permissions.ts';

/** What is known about the permissions of the operation that failed. */
export interface ExplainedPlace {
  readonly access: ConnectionAccess;
  readonly permissions: OperationPermissions;
  readonly operation: string;
}

/**
 * Completes an error that only a person can mend: a refusal names the permission that is missing, or those that the
 * operation needs where nobody can tell what is granted; refused credentials say how to get new ones.
 */
export const explainedError = async (error: ConnectorError, place: ExplainedPlace): Promise<ConnectorError> => {
  const { access, permissions, operation } = place;
  if (error.code === 'unauthenticated') return withRemedy(error, access.remedy);
  if (error.code !== 'forbidden' || error.permissions !== undefined) return error;
  const own = Object.entries(permissions).find(([name]) => name === operation)?.[1] ?? [];
  const needed = [...access.base, ...own];
  const granted = await access.granted().catch(() => undefined);
  const lacking = granted === undefined ? needed : missingOf(needed, granted);
  if (lacking.length === 0) return error;
  const names = lacking.map((permission) => namesOf(permission).join("' or '")).join("' and '");
  const message = `${error.message}: ${granted === undefined ? 'it needs' : 'it lacks'} the permission '${names}'`;
  return connectorError('forbidden', message, {
    ...error,
    cause: error.cause,
    permissions: lacking.map((permission) => namesOf(permission)[0]),
  });
};

const withRemedy = (error: ConnectorError, remedy: string | undefined): ConnectorError => {
  if (remedy === undefined || error.message.includes(remedy)) return error;
  return connectorError(error.code, `${error.message}: ${remedy}`, { ...error, cause: error.cause });
};
