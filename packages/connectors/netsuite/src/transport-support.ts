import { customerKind } from './customers.ts';
import { itemKind } from './items.ts';
import type { RecordKind } from './record-kind.ts';
import { restRecords } from './rest/records.ts';
import { salesOrderKind } from './sales-orders.ts';
import { soapRecords } from './soap/records.ts';
import { stockApis } from './stock-levels.ts';

/** On which transports an operation exists. */
export interface TransportSupport {
  readonly resource: string;
  readonly operation: string;
  readonly soap: boolean;
  readonly rest: boolean;
}

const rowsOf = (resource: string, { soap, rest }: Readonly<Record<'soap' | 'rest', object>>): TransportSupport[] =>
  [...new Set([...Object.keys(soap), ...Object.keys(rest)])].map((operation) => ({
    resource,
    operation,
    soap: operation in soap,
    rest: operation in rest,
  }));

const recordRows = (kind: RecordKind) => rowsOf(kind.name, { soap: soapRecords(kind), rest: restRecords(kind) });

/** Every operation of every resource, and the transports that have it: read from what is there, not written down. */
export const transportSupport: readonly TransportSupport[] = [
  ...[itemKind, customerKind, salesOrderKind].flatMap(recordRows),
  ...rowsOf('stockLevels', stockApis),
];
