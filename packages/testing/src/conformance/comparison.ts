import type { Verdict } from './sheet.ts';

/** What is compared of a sheet. */
export interface ComparedSheet {
  readonly checks: readonly Verdict[];
  readonly resources: Readonly<
    Record<
      string,
      {
        readonly operations: Readonly<Record<string, readonly unknown[] | 'absent'>>;
        readonly checks: readonly Verdict[];
      }
    >
  >;
}

/** A point in which two sheets of one connector differ. */
export interface SheetDifference {
  /**
   * `operation`: one of them lacks it. `verdict`: both judged the check, and not alike. `proof`: only one of them could
   * judge it, which says nothing against the other.
   */
  readonly kind: 'operation' | 'verdict' | 'proof';
  /** Absent where it is about the connector as a whole. */
  readonly resource?: string;
  /** Name of the operation, or id of the check. */
  readonly subject: string;
  /** What each of the two says: `yes` or `absent` of an operation, the state of a check. */
  readonly states: readonly [string, string];
}

type Pair = readonly [ComparedSheet, ComparedSheet];

const namesOf = (one: object | undefined, other: object | undefined): readonly string[] => [
  ...new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})]),
];

const operationDifferences = ([one, other]: Pair, resource: string): readonly SheetDifference[] => {
  const [left, right] = [one.resources[resource]?.operations, other.resources[resource]?.operations];
  const said = (operations: typeof left, name: string) =>
    (operations?.[name] ?? 'absent') === 'absent' ? 'absent' : 'yes';
  return namesOf(left, right).flatMap((name): SheetDifference[] => {
    const states = [said(left, name), said(right, name)] as const;
    return states[0] === states[1] ? [] : [{ kind: 'operation', resource, subject: name, states }];
  });
};

const verdictDifferences = (
  [one, other]: readonly [readonly Verdict[], readonly Verdict[]],
  place: { readonly resource?: string },
): readonly SheetDifference[] => {
  const known = new Map(other.map(({ check, state }) => [check, state]));
  const left = new Map(one.map(({ check, state }) => [check, state]));
  return [...new Set([...left.keys(), ...known.keys()])].flatMap((check): SheetDifference[] => {
    const states = [left.get(check) ?? 'absent', known.get(check) ?? 'absent'] as const;
    if (states[0] === states[1]) return [];
    return [{ kind: states.includes('unproved') ? 'proof' : 'verdict', ...place, subject: check, states }];
  });
};

/**
 * Compares two sheets of one connector, for instance of its two transports, operation by operation and check by check.
 * Empty where they say the same. Never throws.
 */
export const sheetDifferences = (one: ComparedSheet, other: ComparedSheet): readonly SheetDifference[] => [
  ...verdictDifferences([one.checks, other.checks], {}),
  ...namesOf(one.resources, other.resources).flatMap((resource) => [
    ...operationDifferences([one, other], resource),
    ...verdictDifferences([one.resources[resource]?.checks ?? [], other.resources[resource]?.checks ?? []], {
      resource,
    }),
  ]),
];
