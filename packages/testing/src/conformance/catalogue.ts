import listed from './checks.json' with { type: 'json' };

/** A check, as `checks.json` lists it. */
export interface ListedCheck {
  readonly id: string;
  /** What must hold, in one sentence. */
  readonly holds: string;
  /** The trap or hostile case that it stems from. */
  readonly from: string;
  /**
   * What it needs of the resource: operations, `write` (upsert or create), `changes`, `mapping`; or `webhooks` of the
   * connector. Where one is absent the check does not apply.
   */
  readonly needs: readonly string[];
  /** Judged once a connector, or once a resource. */
  readonly of: string;
}

/** All checks, in the order in which they are judged. */
export const checks: readonly ListedCheck[] = listed;
