/** A signal that follows another one and can be ended by itself. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  /** Aborts it, and lets go of the one that it follows: that one may live as long as the process. */
  readonly end: () => void;
}

/** Makes a signal for one piece of work; what is still under way for it when it has ended is cancelled. */
export const linkedSignal = (followed: AbortSignal | undefined): LinkedSignal => {
  const own = new AbortController();
  const abort = () => own.abort(followed?.reason);
  if (followed?.aborted === true) abort();
  else followed?.addEventListener('abort', abort, { once: true });
  const end = () => {
    followed?.removeEventListener('abort', abort);
    own.abort();
  };
  return { signal: own.signal, end };
};
