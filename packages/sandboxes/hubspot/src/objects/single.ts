import { isRecord, type SandboxAnswer, type SandboxRequest } from '@mortise/testing';
import { associateNew } from '../associations/write.ts';
import { invalid, notFound } from '../failure.ts';
import { jsonBody } from '../fields.ts';
import { objectTypeOf } from '../object-types.ts';
import type { Context } from '../types.ts';
import { wireObject } from './wire.ts';
import { archiveObject, createObject, requireObject, resolveObject, updateObject } from './write.ts';

function propertiesOf(body: Record<string, unknown>): Record<string, unknown> {
  if (isRecord(body.properties)) return body.properties;
  throw invalid('Invalid input JSON: some required fields were not set: [properties]');
}

/** POST create. */
export function postObject(request: SandboxRequest, context: Context): SandboxAnswer {
  const type = objectTypeOf(request.params.type);
  const body = jsonBody(request);
  const object = createObject(context, type, { properties: propertiesOf(body) });
  associateNew(context, object, body);
  return { status: 201, json: wireObject(context.state, object, 'all') };
}

/** PATCH, by id or by a unique property. */
export function patchObject(request: SandboxRequest, context: Context): SandboxAnswer {
  const type = objectTypeOf(request.params.type);
  const idProperty = request.query.get('idProperty') ?? undefined;
  const before = requireObject(context.state, type, { id: request.params.id ?? '', idProperty });
  const object = updateObject(context, before, { properties: propertiesOf(jsonBody(request)), idProperty });
  return { status: 200, json: wireObject(context.state, object, 'all') };
}

/** DELETE archives; a second DELETE of the same object answers 204 again. */
export function deleteObject(request: SandboxRequest, context: Context): SandboxAnswer {
  const type = objectTypeOf(request.params.type);
  const object = resolveObject(context.state, type, { id: request.params.id ?? '' });
  if (object === undefined) throw notFound('resource not found');
  archiveObject(context, object);
  return { status: 204 };
}
