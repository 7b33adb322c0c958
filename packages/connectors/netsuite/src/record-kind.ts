import type { z } from 'zod';
import type { NetSuiteSettings } from './settings.ts';
import type { NetSuiteCall } from './vendor.ts';

/** A record as it goes out: fields by SOAP's names, as the mappings encode them. */
export type WrittenRecord = Readonly<Record<string, unknown>> & { readonly externalId?: string | undefined };

/** A record as it came, with its values as text. */
export type WireRecord = Readonly<Record<string, unknown>>;

/** How a kind of record is spoken of over SOAP. */
export interface SoapKind {
  /** Type of the record in its namespace. */
  readonly type: string;
  readonly namespace: string;
  /** `type` of a reference to it. */
  readonly reference: string;
  /** Its basic search, in the `common` namespace. */
  readonly search: string;
  /** Value of the search's `type`, where one search finds several kinds. */
  readonly searchType?: string;
  readonly deletedType: string;
  /** The fields that are written, in the order of NetSuite's schema. */
  readonly fields: readonly string[];
  /** Forms of fields that are no plain text, by name. */
  readonly forms?: Readonly<Record<string, z.ZodType>>;
  /** Its lines are no body fields, so that searches must ask for whole records. */
  readonly hasLines?: boolean;
}

/** How a kind of record is spoken of over REST and SuiteQL. */
export interface RestKind {
  /** Name in the record API's paths. */
  readonly path: string;
  readonly table: string;
  /** Condition that picks the kind out of the table. */
  readonly where?: string;
  readonly deletedType: string;
  /** Columns by field: moments in time, asked for in UTC. */
  readonly stamps: { readonly lastModifiedDate: string } & Readonly<Record<string, string>>;
  /** Columns by field: texts. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns by field: `T` or `F`. */
  readonly switches?: Readonly<Record<string, string>>;
  /** Completes the rows of a page, for instance by their lines. */
  readonly complete?: (call: NetSuiteCall, rows: readonly WireRecord[]) => Promise<readonly WireRecord[]>;
  /** Fields of a record of the record API that are no plain values there. @throws ConnectorError where it is not whole */
  readonly spread?: (body: unknown) => WireRecord;
  /** The body of a write, where it is not the fields themselves. */
  readonly body?: (record: WrittenRecord) => Readonly<Record<string, unknown>>;
  /** Sublists that a write replaces. */
  readonly replaces?: string;
}

/** A kind of NetSuite record, for both transports. */
export interface RecordKind {
  /** Name of the resource. */
  readonly name: 'items' | 'customers' | 'salesOrders';
  /** Schema of the record as it is read. */
  readonly record: z.ZodObject;
  readonly soap: SoapKind;
  readonly rest: RestKind;
  /** Fields by which a record is found besides its ids. */
  readonly unique: readonly string[];
  /** Completes a record that was read by what the settings say. */
  readonly read?: (record: unknown, settings: NetSuiteSettings) => unknown;
  /**
   * What is sent for a record, with what the settings say.
   * @throws ConnectorError `invalid-record`
   */
  readonly written?: (record: WrittenRecord, settings: NetSuiteSettings) => WrittenRecord;
  /** The same for a change of single fields. @throws ConnectorError `invalid-record` */
  readonly changed?: (change: WrittenRecord, settings: NetSuiteSettings) => WrittenRecord;
}
