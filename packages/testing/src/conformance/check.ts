import type { Trial, Unproved } from './trial.ts';

/** A check: fails by throwing, passes by giving nothing, or tells why this world cannot bring it about. */
export type CheckRun = (trial: Trial) => Promise<Unproved | undefined> | Unproved | undefined;

/** Checks by their ids; what each of them says stands in `checks.json`. */
export type CheckRuns = Readonly<Record<string, CheckRun>>;
