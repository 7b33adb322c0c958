import type { ItemOutcome } from '@mortise/runtime';
import type { UpsertRequest, UpsertTarget } from './upsert.ts';
import type { HubSpotCall } from './vendor.ts';
import { vendorFacts } from './vendor-facts.ts';

/** The upsert of a resource whose records are found by a unique property; `write` does it. */
export const upsertBy = <const Property extends string, Written>(
  target: UpsertTarget & { readonly property: Property },
  write: (call: HubSpotCall, request: UpsertRequest<Written>) => Promise<readonly ItemOutcome<unknown>[]>,
) =>
  ({
    effect: 'external-id',
    key: `properties.${target.property}`,
    max: vendorFacts.limits.batchInputs,
    run: (call: HubSpotCall, records: readonly Written[]) => write(call, { ...target, records }),
  }) as const;
