import { type Fields, isFields, type KeyPath, keyPath, pathText, reader, refuseKey, writer } from './key-path.ts';
import { type FieldContext, type Passage, report, type Step } from './step.ts';

/** A bag rule after the compiler has checked it. */
export interface AnyBagRule {
  readonly bag: string | KeyPath;
  readonly names: Readonly<Record<string, string>>;
  readonly access?: 'read';
  readonly note?: string;
}

interface Entry {
  /** Name in the model's bag. */
  readonly name: string;
  /** Key in the wire's bag. */
  readonly key: string;
  readonly put: (record: Fields, value: unknown) => void;
}

/** Compiles a rule of fields whose names are known at run time only. */
export const bagStep = (rule: AnyBagRule, context: FieldContext): Step => {
  const { field } = context;
  const path = keyPath(rule.bag);
  const paths = Object.values(rule.names).map((key) => keyPath([...path, key]));
  const entries = Object.entries(rule.names).map(([name, key]): Entry => {
    refuseKey(name, `${field}.${name}`);
    return { name, key, put: writer([...path, key]) };
  });
  return {
    field,
    paths,
    lossy: false,
    row: {
      wire: `${pathText(path)}.*`,
      conversion: entries.map(({ name, key }) => `${key} as ${name}`).join(', ') || '(none)',
      notes: [rule.note],
    },
    read: readBag(entries, { ...context, path }),
    ...(rule.access === 'read' ? {} : { write: writeBag(entries, { ...context, path }) }),
  };
};

interface Place extends FieldContext {
  readonly path: KeyPath;
}

const readBag = (entries: readonly Entry[], place: Place): Step['read'] => {
  const get = reader(place.path);
  return (passage) => {
    const bag = get(passage.from);
    if (!isFields(bag)) return notThere(passage, { place, value: bag });
    const made: Fields = {};
    for (const { name, key } of entries) if (Object.hasOwn(bag, key)) made[name] = bag[key];
    passage.into[place.field] = made;
  };
};

const notThere = (passage: Passage, { place, value }: { readonly place: Place; readonly value: unknown }): void => {
  if (value === null && place.nullable) passage.into[place.field] = null;
  else if (value !== null && value !== undefined) report(passage, { ...place, reason: 'is not a record' });
  else if (!place.optional) report(passage, { ...place, reason: value === null ? 'is null' : 'is missing' });
};

/** Names that the rule does not map are not written, as model fields without a rule are not. */
const writeBag = (entries: readonly Entry[], place: Place): Step['read'] => {
  const { field } = place;
  return (passage) => {
    const bag = passage.from[field];
    if (isFields(bag)) {
      for (const { name, put } of entries) if (bag[name] !== undefined) put(passage.into, bag[name]);
    } else if (bag === undefined) {
      if (passage.whole && !place.optional) report(passage, { ...place, reason: 'is missing in the model' });
    } else if (bag !== null || !passage.whole) {
      // A whole record may have no bag; a change that asks to clear one cannot be carried out.
      report(passage, { ...place, reason: 'is not a record in the model' });
    }
  };
};
