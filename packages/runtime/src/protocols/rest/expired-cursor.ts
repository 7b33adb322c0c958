import { connectorError, isConnectorError } from '../../errors/connector-error.ts';

/**
 * The error of a page that was asked for by a cursor. 410 Gone says of a page that its cursor is no more; vendors that
 * say so otherwise are read by their `classify`, which answers `expired-cursor` itself.
 */
export const expiredCursor = (thrown: unknown): unknown => {
  if (!isConnectorError(thrown) || thrown.status !== 410 || thrown.code === 'expired-cursor') return thrown;
  const { code: _code, ...facts } = thrown;
  const message = 'the vendor no longer takes the cursor of the list';
  return connectorError('expired-cursor', message, { ...facts, cause: thrown.cause });
};
