import type { Clock } from '../../resilience/clock.ts';

/** When a silent peer counts as dead. */
export interface HeartbeatSettings {
  /** Silence after which a ping is sent, milliseconds. */
  readonly pingMs: number;
  /** How long its answer may take, milliseconds. */
  readonly pongTimeoutMs: number;
}

/** Asks a silent peer whether it lives. */
export interface Heartbeat {
  /** Something came from the peer. */
  readonly heard: () => void;
  readonly stop: () => void;
}

/**
 * Pings when nothing came for a while and reports a peer that does not answer: a line that is cut without a word looks
 * like a quiet one. While the socket is paused nothing can be heard, and nothing is held against the peer.
 */
export const heartbeat = (
  { pingMs, pongTimeoutMs }: HeartbeatSettings,
  parts: {
    readonly clock: Clock;
    readonly isPaused: () => boolean;
    readonly ping: () => void;
    readonly dead: () => void;
  },
): Heartbeat => {
  const { clock, isPaused, ping, dead } = parts;
  let heard = false;
  let asked = false;
  let cancel: () => void;

  const listen = (milliseconds: number) => {
    heard = false;
    cancel = clock.schedule(look, milliseconds);
  };
  // One look per period, not one timer per message: a busy socket pays nothing.
  const look = () => {
    if (heard || isPaused()) {
      asked = false;
      return listen(pingMs);
    }
    if (asked) return dead();
    asked = true;
    ping();
    listen(pongTimeoutMs);
  };

  listen(pingMs);
  return {
    heard: () => {
      heard = true;
    },
    stop: () => cancel(),
  };
};
