import { isRecord, type SandboxRequest } from '@mortise/testing';
import { invalid } from './failure.ts';

/** The JSON object of a request. Throws 400 for anything else. */
export function jsonBody(request: SandboxRequest): Record<string, unknown> {
  if (isRecord(request.body)) return request.body;
  throw invalid('Invalid input JSON: the body must be a JSON object');
}

/** The objects of a list field; [] when absent. Throws 400 when it is no list of objects. */
export function recordList(body: Record<string, unknown>, name: string): Record<string, unknown>[] {
  const value = body[name] ?? [];
  if (!Array.isArray(value) || !value.every(isRecord))
    throw invalid(`Invalid input JSON: "${name}" must be a list of objects`);
  return value;
}

/** A string or number field as a string; undefined when absent or null. */
export function textField(body: Record<string, unknown>, name: string): string | undefined {
  const value = body[name];
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return undefined;
}

/** A required string or number field. Throws 400 naming it. */
export function requiredText(body: Record<string, unknown>, name: string): string {
  const value = textField(body, name);
  if (value === undefined) throw invalid(`Invalid input JSON: some required fields were not set: [${name}]`);
  return value;
}

/** The strings of a list field; [] when absent. */
export function textList(body: Record<string, unknown>, name: string): string[] {
  const value = body[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** Names given as `a,b` or as repeated parameters. */
export function queryList(query: URLSearchParams, name: string): string[] {
  return query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}
