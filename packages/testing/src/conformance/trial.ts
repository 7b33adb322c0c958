import { setTimeout as pause } from 'node:timers/promises';
import {
  type Connector,
  type ConnectorError,
  isConnectorError,
  type LiveOperations,
  open,
  type ResourceDefinition,
  type ResourcePort,
  type RuntimeEvent,
} from '@mortise/runtime';
import { type VirtualClock, virtualClock } from '../clock/virtual-clock.ts';
import { startWire, type Wire } from './wire.ts';
import type { Dialect, ResourceWorld, World, WorldSession } from './world.ts';

/** Any connector: the suite reads what it declares. */
export type AnyConnector = Pick<Connector, 'contract' | 'webhooks'> & {
  readonly vendor: Pick<Connector['vendor'], 'id' | 'api' | 'settings' | 'basePermissions'>;
  readonly resources: Readonly<Record<string, ResourceDefinition>>;
};

/** A live resource whose types nobody knows: exactly the operations that its author gave. */
export type AnyLive = Partial<LiveOperations<unknown, unknown, unknown>> & { readonly port: ResourcePort };

/** A judged connector on a vendor of its own, with the suite's wire in between and one clock for all. */
export interface Stage {
  readonly connector: AnyConnector;
  readonly session: WorldSession;
  readonly wire: Wire;
  readonly clock: VirtualClock;
  readonly dialect: Dialect;
  /** What connections have told since the stage was set. */
  readonly events: RuntimeEvent[];
  /** Opens a connection. @throws ConnectorError */
  readonly connect: (over?: { readonly settings?: object; readonly credentials?: object }) => Record<string, AnyLive>;
  /** Moves the clock, wherever nothing is under way on the wire, until the promise settles. */
  readonly drive: <Value>(promise: Promise<Value>) => Promise<Value>;
  /** Keeps the clock where it is while the world works at the vendor: that takes real time, and passes no wire. */
  readonly hold: <Value>(work: Promise<Value>) => Promise<Value>;
  /** The time by the vendor's clock, Unix milliseconds: a real server's own, which the suite cannot move. */
  readonly vendorNow: () => number;
}

/** A resource on its stage. */
export interface Trial extends Stage {
  /** The connector's name of the resource. */
  readonly name: string;
  readonly definition: ResourceDefinition;
  readonly hands: ResourceWorld | undefined;
  /** A connection that has not spoken yet. */
  readonly fresh: () => AnyLive;
}

/** The check could not be brought about, and why. Never a pass. */
export interface Unproved {
  readonly unproved: string;
}

/** Says that a check cannot be brought about in this world. */
export const unproved = (reason: string): Unproved => ({ unproved: reason });

/** Fails a check with one sentence. */
export const breach = (message: string): never => {
  throw new Error(message);
};

/** Numbers from 0 to 1, the same in every run: idempotency keys must differ, and back-off must not. */
const seeded = (): (() => number) => {
  let state = 7;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
};

/** Quiet turns of the line after which only the clock can go on. */
const quietTurns = 3;

const driver =
  (clock: VirtualClock, wire: Pick<Wire, 'isBusy' | 'activity'>) =>
  async <Value>(promise: Promise<Value>): Promise<Value> => {
    let isSettled = false;
    const done = promise.finally(() => {
      isSettled = true;
    });
    done.catch(() => {});
    let quiet = 0;
    let activity = wire.activity();
    while (!isSettled) {
      await pause(1);
      const isMoving = wire.isBusy() || wire.activity() !== activity;
      activity = wire.activity();
      quiet = isMoving ? 0 : quiet + 1;
      // Longer steps for long waits: what is scheduled within a step still runs at its own time.
      if (quiet > quietTurns) await clock.advance(quiet > 60 ? 5_000 : 200);
    }
    return done;
  };

/** Sets a stage on a running vendor. */
export const setStage = async (connector: AnyConnector, world: World, session: WorldSession): Promise<Stage> => {
  const clock = session.clock ?? virtualClock(Date.now());
  const wire = await startWire(session.url, clock.now);
  const events: RuntimeEvent[] = [];
  const random = seeded();
  let held = 0;
  const isBusy = (): boolean => held > 0 || wire.isBusy();
  const connect: Stage['connect'] = ({ settings, credentials } = {}) => {
    const options = {
      settings: settings ?? session.settings(wire.url),
      credentials: credentials ?? session.credentials,
      clock,
      random,
      events: (event: RuntimeEvent) => void events.push(event),
    };
    // The types of a connector that is not known before it is judged end here.
    return open(connector as Connector, options as never) as unknown as Record<string, AnyLive>;
  };
  return {
    connector,
    session,
    wire,
    clock,
    dialect: world.dialect ?? {},
    events,
    connect,
    drive: driver(clock, { isBusy, activity: wire.activity }),
    hold: async (work) => {
      held += 1;
      return work.finally(() => {
        held -= 1;
      });
    },
    vendorNow: session.clock === undefined ? Date.now : clock.now,
  };
};

/** The world's hands in a resource, under which the clock stands still. */
const handsOf = ({ session, hold }: Stage, name: string): ResourceWorld | undefined => {
  const hands = session.resources[name];
  if (hands === undefined) return undefined;
  const { ids, put, touch, delete: remove } = hands;
  return {
    ...hands,
    ids: () => hold(ids()),
    put: put && ((...given) => hold(put(...given))),
    touch: touch && ((...given) => hold(touch(...given))),
    delete: remove && ((...given) => hold(remove(...given))),
  };
};

/** One resource of a stage. */
export const trialOf = (stage: Stage, name: string, definition: ResourceDefinition): Trial => ({
  ...stage,
  name,
  definition,
  hands: handsOf(stage, name),
  fresh: () => stage.connect()[name] ?? breach(`open gives no resource '${name}'`),
});

/** The error that a call rejects with; undefined where it does not. Fails the check for another kind of error. */
export const errorOf = async (promise: Promise<unknown>): Promise<ConnectorError | undefined> => {
  try {
    await promise;
    return undefined;
  } catch (thrown) {
    return isConnectorError(thrown) ? thrown : breach('what was thrown is no ConnectorError');
  }
};
