import type { ApiFacts, OperationName, ResourceDefinition } from '@mortise/runtime';
import { checks, type ListedCheck } from './catalogue.ts';
import type { CheckRun, CheckRuns } from './check.ts';
import { answerChecks } from './checks/answers.ts';
import { callChecks } from './checks/calls.ts';
import { definitionChecks, statedApi } from './checks/definition.ts';
import { deletionChecks } from './checks/deletions.ts';
import { listChecks } from './checks/lists.ts';
import { lookupChecks } from './checks/lookups.ts';
import { deadOperations, operationChecks } from './checks/operations.ts';
import { singleWriteChecks } from './checks/single-writes.ts';
import { subscriptionChecks } from './checks/subscriptions.ts';
import { webhookChecks } from './checks/webhooks.ts';
import { writeChecks } from './checks/writes.ts';
import type { CapabilitySheet, ResourceSheet, Verdict } from './sheet.ts';
import { type AnyConnector, setStage, type Trial, trialOf } from './trial.ts';
import type { ResourceWorld, World, WorldSession } from './world.ts';

/** How every check is done, by its id. */
const checkRuns: CheckRuns = {
  ...operationChecks,
  ...definitionChecks,
  ...listChecks,
  ...answerChecks,
  ...callChecks,
  ...writeChecks,
  ...singleWriteChecks,
  ...lookupChecks,
  ...deletionChecks,
  ...webhookChecks,
  ...subscriptionChecks,
};

const operationNames: readonly OperationName[] = [
  'list',
  'get',
  'find',
  'deletions',
  'subscribe',
  'create',
  'update',
  'upsert',
  'remove',
];

/** What is judged: a resource of the connector. */
interface Subject {
  readonly connector: AnyConnector;
  readonly name: string;
  readonly definition: ResourceDefinition;
}

const has = ({ connector, definition }: Subject, need: string): boolean => {
  const { operations, changes, mapping } = definition;
  if (need === 'webhooks') return connector.webhooks !== undefined;
  if (need === 'changes') return changes !== 'none';
  if (need === 'mapping') return mapping !== undefined;
  if (need === 'write') return operations.upsert !== undefined || operations.create !== undefined;
  return Object.hasOwn(operations, need);
};

/** Why a check fails: its own sentence, or the code of an error that it did not expect. */
const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : 'something was thrown');

/** The vendors of one judgement: started anew for each check where they are cheap, once where they are real. */
interface Vendors {
  readonly session: () => Promise<WorldSession>;
  readonly release: (session: WorldSession) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Samples of one check; more than any check writes. */
const samplesEach = 1_000;

/** The session with written records of other keys: what an earlier check has written is still at a real server. */
const withOwnSamples = (session: WorldSession, number: number): WorldSession => {
  const first = number * samplesEach;
  const resources = Object.entries(session.resources).map(([name, hands]) => {
    const { sample, refused } = hands;
    const own: ResourceWorld = {
      ...hands,
      sample: sample && ((index) => sample(first + index)),
      refused: refused && ((index) => refused(first + index)),
    };
    return [name, own] as const;
  });
  return { ...session, resources: Object.fromEntries(resources) };
};

const vendorsOf = (world: World): Vendors => {
  if (world.kind === 'sandbox') {
    return { session: world.start, release: (session) => session.stop(), stop: async () => {} };
  }
  let shared: Promise<WorldSession> | undefined;
  let sessions = 0;
  return {
    session: async () => {
      shared ??= world.start();
      sessions += 1;
      return withOwnSamples(await shared, sessions);
    },
    release: async () => {},
    stop: async () => (await shared)?.stop(),
  };
};

/** A judgement in progress: the checks can be asked for one by one. */
export interface Judge {
  /** One check on all that it applies to. Never rejects: a vendor that does not start fails the check. */
  readonly verdicts: (check: ListedCheck) => Promise<Readonly<Record<string, Verdict>>>;
  /** The sheet of all checks; those that have not been asked for are judged now. Never rejects. */
  readonly sheet: () => Promise<CapabilitySheet>;
  /** Stops a real server. Rejects with what the world's own `stop` rejects with. */
  readonly stop: () => Promise<void>;
}

/** The name under which checks of the connector as a whole are kept. */
export const whole = '';

/** Judges a connector on a world. Nothing is started before the first check is asked for. Never throws. */
export const judge = (connector: AnyConnector, world: World): Judge => {
  const vendors = vendorsOf(world);
  const found = new Map<string, Readonly<Record<string, Verdict>>>();
  const dead = new Map<string, readonly string[]>();

  const onTrial = async <Value>({ name, definition }: Subject, work: (trial: Trial) => Promise<Value>) => {
    const session = await vendors.session();
    const stage = await setStage(connector, world, session);
    try {
      return await work(trialOf(stage, name, definition));
    } finally {
      await stage.wire.close();
      await vendors.release(session);
    }
  };

  const deadOf = async (subject: Subject): Promise<readonly string[]> => {
    const known = dead.get(subject.name) ?? (await onTrial(subject, deadOperations).catch(() => []));
    dead.set(subject.name, known);
    return known;
  };

  const verdict = async ({ id, needs }: ListedCheck, subject: Subject): Promise<Verdict> => {
    const lacking = needs.filter((need) => !has(subject, need));
    if (lacking.length > 0) return { check: id, state: 'absent' };
    const run: CheckRun | undefined = checkRuns[id];
    if (run === undefined) return { check: id, state: 'failed', reason: 'the suite does not know how' };
    const stubs = id === 'operations-work' || needs.length === 0 ? [] : await deadOf(subject);
    const stub = stubs.find((name) => needs.includes(name));
    if (stub !== undefined) return { check: id, state: 'unproved', reason: `'${stub}' does not work at all` };
    try {
      const unproved = await onTrial(subject, async (trial) => run(trial));
      return unproved === undefined
        ? { check: id, state: 'passed' }
        : { check: id, state: 'unproved', reason: unproved.unproved };
    } catch (thrown) {
      return { check: id, state: 'failed', reason: reasonOf(thrown) };
    }
  };

  const subjects: readonly Subject[] = Object.entries(connector.resources).map(([name, definition]) => ({
    connector,
    name,
    definition,
  }));

  /** Checks of the whole connector are done on its first resource that is listed. */
  const first = subjects.find(({ definition }) => definition.operations.list !== undefined) ?? subjects[0];

  const verdicts: Judge['verdicts'] = async (check) => {
    const known = found.get(check.id);
    if (known !== undefined) return known;
    const judged: Record<string, Verdict> = {};
    if (check.of === 'connector') {
      if (first !== undefined) judged[whole] = await verdict(check, first);
    } else for (const subject of subjects) judged[subject.name] = await verdict(check, subject);
    found.set(check.id, judged);
    return judged;
  };

  const sheet = async (): Promise<CapabilitySheet> => {
    const all: Readonly<Record<string, Verdict>>[] = [];
    for (const check of checks) all.push(await verdicts(check));
    return composed({
      connector,
      world,
      subjects,
      api: await statedFacts(connector, first && ((run) => onTrial(first, run))),
      of: (name) => all.flatMap((each) => each[name] ?? []),
    });
  };

  return { verdicts, sheet, stop: vendors.stop };
};

type OnTrial = <Value>(run: (trial: Trial) => Promise<Value>) => Promise<Value>;

/** Facts that depend on the settings are those of the world; without them where it does not start. */
const statedFacts = async (connector: AnyConnector, onTrial: OnTrial | undefined): Promise<ApiFacts | undefined> => {
  const stated = connector.vendor.api;
  if (typeof stated !== 'function') return stated;
  return onTrial?.(async (trial) => statedApi(trial)).catch(() => undefined);
};

interface Judged {
  readonly connector: AnyConnector;
  readonly world: World;
  readonly subjects: readonly Subject[];
  readonly api: ApiFacts | undefined;
  readonly of: (name: string) => readonly Verdict[];
}

const composed = ({ connector, world, subjects, api, of }: Judged): CapabilitySheet => {
  const { id, basePermissions = [] } = connector.vendor;
  const resources = subjects.map((subject) => [subject.name, resourceSheet(subject, of(subject.name))] as const);
  return {
    connector: id,
    contract: connector.contract,
    world: world.name,
    kind: world.kind,
    api: api ?? 'not stated',
    webhooks: connector.webhooks === undefined ? 'absent' : Object.keys(connector.webhooks.topics).sort(),
    basePermissions,
    checks: of(whole),
    resources: Object.fromEntries(resources),
  };
};

const resourceSheet = ({ definition }: Subject, verdicts: readonly Verdict[]): ResourceSheet => {
  const { operations, permissions, changes } = definition;
  const declared = operationNames.map((name) => {
    const isAbsent = !Object.hasOwn(operations, name);
    return [name, isAbsent ? ('absent' as const) : (permissions[name] ?? [])] as const;
  });
  const { granularityMs, lagMs } = changes === 'none' ? { granularityMs: 0, lagMs: 0 } : changes;
  return {
    operations: Object.fromEntries(declared),
    changes: changes === 'none' ? 'none' : { granularityMs, lagMs },
    checks: verdicts,
  };
};
