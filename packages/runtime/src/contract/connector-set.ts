import { connectorError } from '../errors/connector-error.ts';
import type { Connector } from './connector.ts';

/**
 * The connectors that a host has installed, by id. Two of one id would share tokens, quotas and checkpoints under it.
 * @throws ConnectorError `invalid-definition` where two connectors have one id.
 */
export const connectorSet = <One extends Connector>(connectors: readonly One[]): ReadonlyMap<string, One> => {
  const set = new Map<string, One>();
  for (const connector of connectors) {
    const { id } = connector.vendor;
    if (set.has(id)) {
      throw connectorError('invalid-definition', `two connectors have the id '${id}': install one of them`, {
        connector: id,
      });
    }
    set.set(id, connector);
  }
  return set;
};
