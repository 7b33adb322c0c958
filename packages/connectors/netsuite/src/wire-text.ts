import { attribute } from '@mortise/runtime/soap';
import { z } from 'zod';

/** A field as NetSuite sends it over SOAP: text, whatever its type; absent where it is empty. REST is read into the same. */
export const text = z.string().nullish();

/** What every record has: NetSuite's own id, and the one that we may give it. */
export const identity = {
  internalId: attribute(z.string().min(1)),
  externalId: attribute(z.string().optional()),
};

/** How an optional text is read and cleared: NetSuite leaves empty fields out, and an empty text empties one. */
export const cleared = { onMissing: 'null', onEmpty: 'null', clear: '' } as const;
