import { type AnyConverter, type AnySubMapping, type Convert, converting, mappingEach } from './conversion.ts';
import { type KeyPath, keyPath, pathText, reader, writer } from './key-path.ts';
import { type FieldContext, type Passage, report, type Step } from './step.ts';

type Policy = 'reject' | 'absent' | 'null' | { readonly use: unknown };

/** A field rule after the compiler has checked it. */
export interface AnyFieldRule {
  readonly from: string | KeyPath;
  readonly as?: AnyConverter;
  readonly each?: AnySubMapping;
  readonly onNull?: Policy;
  readonly onMissing?: Policy;
  readonly onEmpty?: Policy;
  readonly clear?: unknown;
  readonly access?: 'read';
  readonly lossy?: string;
  readonly note?: string;
}

/** Where a rule stands: its path and its field. */
interface Place extends FieldContext {
  readonly path: KeyPath;
}

/** Compiles a rule of one wire path. */
export const fieldStep = (rule: AnyFieldRule, context: FieldContext): Step => {
  const place: Place = { ...context, path: keyPath(rule.from) };
  return {
    field: context.field,
    paths: [place.path],
    lossy: rule.lossy !== undefined,
    row: {
      wire: pathText(place.path) + (rule.each ? '[]' : ''),
      conversion: rule.each?.title ?? rule.as?.name ?? 'as is',
      notes: [policies(rule), rule.lossy && `lossy: ${rule.lossy}`, rule.note],
    },
    read: readField(rule, place),
    ...(rule.access === 'read' ? {} : { write: writeField(rule, place) }),
  };
};

const readField = (rule: AnyFieldRule, place: Place): Step['read'] => {
  const { field } = place;
  const get = reader(place.path);
  const set = writer([field]);
  const convert = conversion(rule, { place, direction: 'decode' });
  const missing = settle(rule.onMissing ?? (place.optional ? 'absent' : 'reject'), { place, state: 'is missing' });
  const isNull = settle(rule.onNull ?? (place.nullable ? { use: null } : 'reject'), { place, state: 'is null' });
  const empty = rule.onEmpty && settle(rule.onEmpty, { place, state: 'is empty' });
  const { clear } = rule;
  const clears = place.nullable && clear !== undefined && clear !== null;
  return (passage) => {
    const value = get(passage.from);
    if (value === undefined) return missing(passage);
    if (value === null) return isNull(passage);
    if (empty !== undefined && isEmpty(value)) return empty(passage);
    if (clears && value === clear) set(passage.into, null);
    else if (convert === undefined) set(passage.into, value);
    else {
      const converted = convert(value, passage.issues);
      if (converted !== undefined) set(passage.into, converted);
    }
  };
};

const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.length === 0);

const writeField = (rule: AnyFieldRule, place: Place): Step['read'] => {
  const get = reader([place.field]);
  const put = writer(place.path);
  const convert = conversion(rule, { place, direction: 'encode' });
  const cleared = rule.clear ?? null;
  return (passage) => {
    const value = get(passage.from);
    if (value === undefined) {
      if (passage.whole && !place.optional) report(passage, { ...place, reason: 'is missing in the model' });
    } else if (value === null) {
      if (place.nullable) put(passage.into, cleared);
      else report(passage, { ...place, reason: 'is null in the model' });
    } else if (convert === undefined) put(passage.into, value);
    else {
      const converted = convert(value, passage.issues);
      if (converted !== undefined) put(passage.into, converted);
    }
  };
};

const conversion = (
  { as: used, each }: AnyFieldRule,
  at: { readonly place: Place; readonly direction: 'decode' | 'encode' },
): Convert | undefined => {
  const where = { path: pathText(at.place.path), field: at.place.field, direction: at.direction };
  if (each) return mappingEach(each, where);
  return used && converting(used, where);
};

/** What to do about a value that is not there, decided once. */
const settle = (
  policy: Policy,
  { place, state }: { readonly place: Place; readonly state: string },
): ((passage: Passage) => void) => {
  const { field } = place;
  if (policy === 'absent') return () => {};
  if (policy === 'reject') return (passage) => report(passage, { ...place, reason: state });
  const value = policy === 'null' ? null : policy.use;
  const set = writer([field]);
  return ({ into }) => set(into, value);
};

const policies = (rule: AnyFieldRule): string | undefined => {
  const said = [
    rule.onNull && `null: ${policyText(rule.onNull)}`,
    rule.onMissing && `missing: ${policyText(rule.onMissing)}`,
    rule.onEmpty && `empty: ${policyText(rule.onEmpty)}`,
    rule.clear === undefined ? undefined : `null is written as ${JSON.stringify(rule.clear)}`,
  ];
  return said.filter((text) => text !== undefined).join(', ') || undefined;
};

const policyText = (policy: Policy): string =>
  typeof policy === 'string' ? policy : `use ${JSON.stringify(policy.use)}`;
