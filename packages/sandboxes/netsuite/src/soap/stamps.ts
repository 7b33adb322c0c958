import { schemaFailure } from './fault.ts';

const hour = 3_600_000;

function offsetText(hours: number): string {
  const minutes = Math.round(Math.abs(hours) * 60);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${hours < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** A time as the vendor writes it: milliseconds and its own offset, not `Z`. */
export function soapStamp(milliseconds: number, offsetHours: number): string {
  const shifted = new Date(milliseconds + offsetHours * hour).toISOString();
  return shifted.replace('Z', offsetText(offsetHours));
}

/** Reads xsd:dateTime; one without an offset is in the vendor's own. Throws the fault of a bad value. */
export function readStamp(text: string, offsetHours: number): number {
  const zoned = /(Z|[+-]\d\d:\d\d)$/.test(text);
  const time = Date.parse(zoned ? text : `${text}${offsetText(offsetHours)}`);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) && !Number.isNaN(time)) return time;
  throw schemaFailure('Invalid date/time');
}
