import { refusalReason } from './converter.ts';
import { type Fields, isFields, type KeyPath, keyPath, pathText, reader, writer } from './key-path.ts';
import type { FieldContext, Passage, Step } from './step.ts';

/** A compute rule after the compiler has checked it. */
export interface AnyComputeRule {
  readonly compute: (wire: unknown) => unknown;
  readonly uncompute?: (value: unknown) => unknown;
  readonly uses: readonly (string | KeyPath)[];
  readonly lossy?: string;
  readonly note?: string;
}

interface Place extends FieldContext {
  readonly paths: readonly KeyPath[];
}

/** Compiles a rule over several wire fields. */
export const computeStep = (rule: AnyComputeRule, context: FieldContext): Step => {
  const place: Place = { ...context, paths: rule.uses.map(keyPath) };
  const { uncompute } = rule;
  return {
    field: context.field,
    paths: place.paths,
    lossy: rule.lossy !== undefined,
    row: {
      wire: usesText(place),
      conversion: uncompute ? 'computed both ways' : 'computed',
      notes: [rule.lossy && `lossy: ${rule.lossy}`, rule.note],
    },
    read: readComputed(rule.compute, place),
    ...(uncompute ? { write: writeUncomputed(uncompute, place) } : {}),
  };
};

const usesText = ({ paths }: Place): string => paths.map(pathText).join(' + ');

const refuse = ({ issues }: Passage, { place, reason }: { readonly place: Place; readonly reason: string }): void => {
  issues.push({ path: usesText(place), field: place.field, reason });
};

const readComputed = (compute: AnyComputeRule['compute'], place: Place): Step['read'] => {
  const { field } = place;
  return (passage) => {
    try {
      const value = compute(passage.from);
      if (value !== undefined) passage.into[field] = value;
      else if (!place.optional) refuse(passage, { place, reason: 'is missing' });
    } catch (thrown) {
      refuse(passage, { place, reason: refusalReason('compute', thrown) });
    }
  };
};

const writeUncomputed = (uncompute: (value: unknown) => unknown, place: Place): Step['read'] => {
  const { field } = place;
  const copies = place.paths.map((keys) => ({ get: reader(keys), put: writer(keys) }));
  const allowed = treeOf(place.paths);
  return (passage) => {
    const value = passage.from[field];
    if (value === undefined) {
      if (passage.whole && !place.optional) refuse(passage, { place, reason: 'is missing in the model' });
      return;
    }
    if (value === null && !place.nullable) return refuse(passage, { place, reason: 'is null in the model' });
    const record = attempt(uncompute, { value, passage, place });
    if (record === undefined) return;
    if (!within(record, allowed)) {
      return refuse(passage, { place, reason: "uncompute gave a field that 'uses' does not name" });
    }
    for (const { get, put } of copies) {
      const part = get(record);
      if (part !== undefined) put(passage.into, part);
    }
  };
};

const attempt = (
  uncompute: (value: unknown) => unknown,
  { value, passage, place }: { readonly value: unknown; readonly passage: Passage; readonly place: Place },
): Fields | undefined => {
  try {
    const record = uncompute(value);
    if (isFields(record)) return record;
    refuse(passage, { place, reason: 'uncompute gave no record' });
  } catch (thrown) {
    refuse(passage, { place, reason: refusalReason('uncompute', thrown) });
  }
  return undefined;
};

/** The keys that may be written; an empty tree is a path's end, beneath which anything goes. */
type Tree = Map<string, Tree>;

const treeOf = (paths: readonly KeyPath[]): Tree => {
  const root: Tree = new Map();
  for (const keys of paths) {
    let tree = root;
    for (const key of keys) {
      const inner: Tree = tree.get(key) ?? new Map();
      tree.set(key, inner);
      tree = inner;
    }
  }
  return root;
};

const within = (record: Fields, tree: Tree): boolean =>
  Object.entries(record).every(([key, value]) => {
    const inner = tree.get(key);
    if (inner === undefined) return value === undefined;
    if (inner.size === 0 || value === undefined) return true;
    return isFields(value) && within(value, inner);
  });
