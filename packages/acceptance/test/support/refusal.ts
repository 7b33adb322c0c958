import { type ConnectorError, isConnectorError } from '@mortise/runtime';

/** The ConnectorError that a promise rejects with. */
export const refusal = async (promise: Promise<unknown>): Promise<ConnectorError> => {
  const thrown = await promise.then(
    (value) => Promise.reject(new Error(`answered ${JSON.stringify(value)}`)),
    (error: unknown) => error,
  );
  if (isConnectorError(thrown)) return thrown;
  throw thrown;
};

/** The ConnectorError that a function throws. */
export const thrownBy = (run: () => unknown): ConnectorError => {
  try {
    run();
  } catch (thrown) {
    if (isConnectorError(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
};
