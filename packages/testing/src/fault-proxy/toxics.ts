/** A fault of the line between a client and a server. */
export type Toxic =
  /** Every chunk of the answer waits this long. */
  | { kind: 'latency'; milliseconds: number }
  /** Open connections, and new ones as soon as they speak, end with a TCP reset. */
  | { kind: 'reset' }
  /** New connections are closed as soon as they are accepted. */
  | { kind: 'refuse' }
  /** The connection closes after so many bytes of answers, counted from when the toxic was set. */
  | { kind: 'truncate'; bytes: number }
  /** Answers trickle at this rate, bytes per second. */
  | { kind: 'slow'; bytesPerSecond: number }
  /** Half-open: connections are accepted and bytes taken, nothing is forwarded and nothing answered. */
  | { kind: 'hang' }
  /** The request reaches the server whole; at the first byte of its answer both sides are cut. */
  | { kind: 'drop-after-request' };

/** The name under which a toxic is switched on and off. */
export type ToxicKind = Toxic['kind'];

/** The toxics that are on. */
export type ToxicSet = { [Kind in ToxicKind]?: Extract<Toxic, { kind: Kind }> };

/** Counts of what went through the proxy since it started. */
export type ProxyCounters = {
  /** Connections accepted. */
  connections: number;
  /** Connections open now. */
  open: number;
  /** Bytes taken from clients, forwarded or not. */
  requestBytes: number;
  /** Bytes of answers handed to clients. */
  responseBytes: number;
};
