import type { SoapHeaderBlocks } from '../../auth/auth.ts';
import { faultPlan } from './fault.ts';
import { writtenBlocks } from './header-blocks.ts';
import { type Field, nodePlan, type ObjectPlan, type Plan } from './plan.ts';
import { documentPrefixes, type KnownPrefixes } from './prefixes.ts';
import { envelopeNamespaces, type SoapVersion, soapVersions } from './versions.ts';
import { wrapped, writtenField } from './writer.ts';

/** What goes into an envelope. */
export interface EnvelopeContent {
  readonly version: SoapVersion;
  readonly known: KnownPrefixes;
  readonly request: Field;
  readonly body: unknown;
  /** Header blocks in their order, groups of one origin. */
  readonly blocks: readonly (SoapHeaderBlocks | undefined)[];
}

/**
 * A request as XML.
 * @throws ConnectorError `invalid-record` for a value that its schema or XML does not allow, `invalid-definition`.
 */
export const writtenEnvelope = ({ version, known, request, body, blocks }: EnvelopeContent): string => {
  const { namespace } = soapVersions[version];
  const prefixes = documentPrefixes(known, namespace);
  const place = { path: request.name, depth: 0, prefixes };
  const header = blocks.map((group) => (group === undefined ? '' : writtenBlocks(group, place))).join('');
  const inner = [
    header === '' ? '' : wrapped('soap:Header', { inner: header }),
    wrapped('soap:Body', { inner: writtenField(request, body, place) }),
  ].join('');
  const envelope = wrapped('soap:Envelope', { attributes: prefixes.declarations(), inner });
  return `<?xml version="1.0" encoding="utf-8"?>${envelope}`;
};

const single = (key: string, { name, namespace, plan }: { name: string; namespace: string; plan: Plan }): Field => ({
  ...{ key, place: 'element', name, namespace, isMany: false, isOptional: true, plan },
});

const objectOf = (fields: readonly Field[]): ObjectPlan => ({
  ...{ kind: 'object', fields, keys: new Set(fields.map(({ key }) => key)) },
  elements: Map.groupBy(fields, ({ name }) => name),
  ...{ attributes: [], content: undefined, type: undefined, keepsUnknown: false },
});

/** The same element in the envelopes of both versions. */
const inBoth = (key: string, { name, plan }: { name: string; plan: Plan }): Field[] =>
  envelopeNamespaces.map((namespace) => single(key, { name, namespace, plan }));

/** What was read of an envelope, not yet checked by the operation's schema. */
export interface EnvelopeReading {
  readonly Header?: unknown;
  /** Null where it is xsi:nil. */
  readonly Body?: { readonly Fault?: unknown; readonly answer?: unknown } | null;
}

/** The root of an answer to an operation: an envelope with a fault or with the element that the operation expects. */
export const envelopeRoots = (answer: Field | undefined): readonly Field[] => {
  const faults = inBoth('Fault', { name: 'Fault', plan: faultPlan });
  const body = objectOf(answer === undefined ? faults : [answer, ...faults]);
  const parts = [
    ...inBoth('Header', { name: 'Header', plan: nodePlan }),
    ...inBoth('Body', { name: 'Body', plan: body }),
  ];
  return inBoth('Envelope', { name: 'Envelope', plan: objectOf(parts) });
};
