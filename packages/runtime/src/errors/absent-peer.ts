import { connectorError } from './connector-error.ts';

/** An optional peer and the subpath that needs it. */
export interface Peer {
  readonly name: string;
  /** For instance `/realtime`. */
  readonly subpath: string;
}

const isAbsent = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND';

/**
 * Loads an optional peer when it is first needed.
 * @throws ConnectorError `invalid-settings`, naming the package, where it is not installed.
 */
export const loadPeer = async <Module>({ name, subpath }: Peer, load: () => Promise<Module>): Promise<Module> => {
  try {
    return await load();
  } catch (thrown) {
    if (!isAbsent(thrown)) throw thrown;
    const message = `@mortise/runtime${subpath} needs the package '${name}', which is not installed: npm install ${name}`;
    throw connectorError('invalid-settings', message, { cause: thrown });
  }
};
