import { attribute, element, inNamespace, soapOperation, typeName, unparsed } from '@mortise/runtime/soap';
import { z } from 'zod';
import type { RecordKind } from '../record-kind.ts';
import { namespaces } from '../vendor-facts.ts';
import { Status, statusMeaning } from './status.ts';

const { messages, core, common } = namespaces;

/** An element of the `core` namespace, as NetSuite's schema has where it says `ref="platformCore:…"`. */
const inCore = <Schema extends z.ZodType>(schema: Schema): Schema =>
  element(inNamespace(core, schema), { namespace: core });

const operator = attribute(z.string());
const RangeField = inNamespace(
  core,
  z.object({ operator, searchValue: z.string().optional(), searchValue2: z.string().optional() }),
);
const ReferenceField = inNamespace(
  core,
  z.object({ operator, searchValue: z.array(z.object({ externalId: attribute(z.string()) })) }),
);
const ChoiceField = inNamespace(core, z.object({ operator, searchValue: z.array(z.string()) }));

/** Criteria of a search: all of them must hold. In the order of NetSuite's schema, which is that of the alphabet. */
export interface Criteria {
  readonly email?: z.input<typeof RangeField>;
  readonly entityId?: z.input<typeof RangeField>;
  readonly externalId?: z.input<typeof ReferenceField>;
  readonly internalIdNumber?: z.input<typeof RangeField>;
  readonly itemId?: z.input<typeof RangeField>;
  readonly lastModifiedDate?: z.input<typeof RangeField>;
  readonly tranId?: z.input<typeof RangeField>;
  readonly type?: z.input<typeof ChoiceField>;
}

const searchRecord = (type: string) =>
  inNamespace(
    common,
    z.object({
      is: typeName(common, type),
      email: RangeField.optional(),
      entityId: RangeField.optional(),
      externalId: ReferenceField.optional(),
      internalIdNumber: RangeField.optional(),
      itemId: RangeField.optional(),
      lastModifiedDate: RangeField.optional(),
      tranId: RangeField.optional(),
      type: ChoiceField.optional(),
    }),
  );

const number = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number);

/** Reads the records of one search. */
const searchOperation = ({ record, soap: { search } }: RecordKind) =>
  soapOperation({
    ...{ name: 'search', namespace: messages, action: 'search', effect: 'read' },
    request: z.object({ searchRecord: searchRecord(search) }),
    answer: z.object({
      searchResult: inCore(
        z.object({
          status: Status,
          totalRecords: number.optional(),
          totalPages: number.optional(),
          recordList: z.object({ record: z.array(unparsed(record)) }).nullish(),
        }),
      ),
    }),
    classify: ({ searchResult }) => statusMeaning(searchResult.status),
  });

/** The `xsi:type` of a reference. */
export const referenceType = `{${core}}RecordRef` as const;

/** The `xsi:type` of a record that is written. */
export const writtenType = (namespace: string, type: string): `{${string}}${string}` => `{${namespace}}${type}`;

/** The `xsi:type` of a search. */
export const searchTypeName = (type: string): `{${typeof common}}${string}` => `{${common}}${type}`;

const Reference = z.object({
  is: typeName(core, 'RecordRef'),
  internalId: attribute(z.string().optional()),
  externalId: attribute(z.string().optional()),
  type: attribute(z.string().optional()),
});

const getListOperation = ({ record }: RecordKind) =>
  soapOperation({
    ...{ name: 'getList', namespace: messages, action: 'getList', effect: 'read' },
    request: z.object({ baseRef: z.array(Reference) }),
    answer: z.object({
      readResponseList: z.object({
        status: Status.optional(),
        readResponse: z.array(z.object({ status: Status, record: unparsed(record.nullish()) })),
      }),
    }),
  });

const WriteResponses = z.object({
  writeResponseList: z.object({
    status: Status.optional(),
    writeResponse: z.array(
      z.object({
        status: Status,
        baseRef: z
          .object({ internalId: attribute(z.string().optional()), externalId: attribute(z.string().optional()) })
          .nullish(),
      }),
    ),
  }),
});
/** What became of each record of a write. */
export type WriteResponse = z.output<typeof WriteResponses>['writeResponseList']['writeResponse'][number];

const writtenRecord = ({ soap: { type, namespace, fields, forms = {} } }: RecordKind) =>
  inNamespace(
    namespace,
    z.object({
      is: typeName(namespace, type),
      internalId: attribute(z.string().optional()),
      externalId: attribute(z.string().optional()),
      nullFieldList: inCore(z.object({ name: z.array(z.string()) })).optional(),
      ...Object.fromEntries(fields.map((name) => [name, (forms[name] ?? z.string()).optional()])),
    }),
  );

const writeOperation = (name: 'upsertList' | 'updateList', kind: RecordKind) =>
  soapOperation({
    ...{ name, namespace: messages, action: name },
    effect: name === 'upsertList' ? 'external-id' : 'idempotent',
    request: z.object({ record: z.array(writtenRecord(kind)) }),
    answer: WriteResponses,
  });

/** Removes records. */
export const deleteList = soapOperation({
  ...{ name: 'deleteList', namespace: messages, action: 'deleteList', effect: 'idempotent' },
  request: z.object({ baseRef: z.array(Reference) }),
  answer: WriteResponses,
});

/** Tells which records are gone. */
export const getDeleted = soapOperation({
  ...{ name: 'getDeleted', namespace: messages, action: 'getDeleted', effect: 'read' },
  request: z.object({
    getDeletedFilter: inNamespace(core, z.object({ deletedDate: RangeField.optional(), type: ChoiceField })),
    pageIndex: z.number(),
  }),
  answer: z.object({
    getDeletedResult: inCore(
      z.object({
        status: Status,
        totalRecords: number.optional(),
        totalPages: number.optional(),
        pageIndex: number.optional(),
        deletedRecordList: z
          .object({
            deletedRecord: z.array(
              z.object({ record: z.object({ internalId: attribute(z.string().optional()) }).nullish() }),
            ),
          })
          .nullish(),
      }),
    ),
  }),
  classify: ({ getDeletedResult }) => statusMeaning(getDeletedResult.status),
});

/** The operations of a kind of record, described once. */
export const kindOperations = (kind: RecordKind) => ({
  search: searchOperation(kind),
  getList: getListOperation(kind),
  upsertList: writeOperation('upsertList', kind),
  updateList: writeOperation('updateList', kind),
});
/** See {@link kindOperations}. */
export type KindOperations = ReturnType<typeof kindOperations>;
