import type { ApiFacts, Permission } from '@mortise/runtime';

/** What became of a check: `absent` where what it needs is absent, otherwise why it was not judged, or how it failed. */
export interface Verdict {
  readonly check: string;
  readonly state: 'passed' | 'absent' | 'unproved' | 'failed';
  /** Why it failed, or why this world cannot bring it about. */
  readonly reason?: string;
}

/** One resource on the sheet. */
export interface ResourceSheet {
  /** Each operation of the contract, and the permissions that it needs; `absent` where the connector has it not. */
  readonly operations: Readonly<Record<string, readonly Permission[] | 'absent'>>;
  readonly changes: { readonly granularityMs: number; readonly lagMs: number } | 'none';
  readonly checks: readonly Verdict[];
}

/** What a connector can do, as judged. Holds no time and no chance: the same connector has the same sheet. */
export interface CapabilitySheet {
  readonly connector: string;
  readonly contract: number;
  readonly world: string;
  readonly kind: 'sandbox' | 'real server';
  readonly api: ApiFacts | 'not stated';
  readonly webhooks: readonly string[] | 'absent';
  readonly basePermissions: readonly Permission[];
  /** Checks of the connector as a whole. */
  readonly checks: readonly Verdict[];
  readonly resources: Readonly<Record<string, ResourceSheet>>;
}

/** All verdicts of a sheet, each with the resource it is about. */
export const verdictsOf = (sheet: CapabilitySheet): readonly (Verdict & { readonly resource?: string })[] => [
  ...sheet.checks,
  ...Object.entries(sheet.resources).flatMap(([resource, { checks }]) => checks.map((each) => ({ ...each, resource }))),
];

/** The sheet as it is kept in a file. */
export const sheetText = (sheet: CapabilitySheet): string => `${JSON.stringify(sheet, null, 2)}\n`;
