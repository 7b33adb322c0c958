import type { SandboxAnswer, SandboxRequest } from '@mortise/testing';
import { HubSpotFailure, invalid, notFound } from '../failure.ts';
import { jsonBody, requiredText } from '../fields.ts';
import { objectTypeOf } from '../object-types.ts';
import type { Context, HubSpotRoute } from '../types.ts';
import { definitionFrom } from './registry.ts';
import type { PropertyDefinition } from './standard.ts';

const maxUniqueProperties = 10;

function wireProperty({ readOnly, ...definition }: PropertyDefinition) {
  const modificationMetadata = {
    archivable: !definition.hubspotDefined,
    readOnlyDefinition: definition.hubspotDefined,
    readOnlyValue: readOnly,
  };
  return {
    ...definition,
    calculated: false,
    externalOptions: false,
    hidden: false,
    displayOrder: -1,
    formField: !readOnly,
    archived: false,
    modificationMetadata,
  };
}

function list(request: SandboxRequest, { state }: Context): SandboxAnswer {
  const type = objectTypeOf(request.params.type);
  return { status: 200, json: { results: state.properties.list(type).map(wireProperty) } };
}

function get(request: SandboxRequest, { state }: Context): SandboxAnswer {
  const found = state.properties.find(objectTypeOf(request.params.type), request.params.name ?? '');
  if (found === undefined) throw notFound(`No property named "${request.params.name}"`);
  return { status: 200, json: wireProperty(found) };
}

function create(request: SandboxRequest, { state }: Context): SandboxAnswer {
  const type = objectTypeOf(request.params.type);
  const body = jsonBody(request);
  for (const name of ['name', 'label', 'type', 'fieldType', 'groupName']) requiredText(body, name);
  const definition = definitionFrom(body);
  if (definition === undefined) throw invalid(`Property type "${requiredText(body, 'type')}" is not valid`);
  if (!/^[a-z][a-z0-9_]{0,99}$/.test(definition.name))
    throw invalid(`Property name "${definition.name}" is not valid: lower case letters, digits and _ only`);
  if (state.properties.find(type, definition.name) !== undefined) {
    throw new HubSpotFailure(409, 'OBJECT_ALREADY_EXISTS', {
      message: `A property named '${definition.name}' already exists.`,
    });
  }
  if (definition.hasUniqueValue && state.properties.uniqueNames(type).length >= maxUniqueProperties) {
    throw invalid(`An object type takes at most ${maxUniqueProperties} properties with unique values`);
  }
  state.properties.add(type, definition);
  return { status: 201, json: wireProperty(definition) };
}

/** The properties API, legacy and dated. */
export const propertyRoutes: HubSpotRoute[] = [
  '/crm/v3/properties',
  '/crm/properties/2026-03',
  '/crm/properties/2026-09',
].flatMap((base): HubSpotRoute[] => [
  { method: 'GET', path: `${base}/{type}`, handle: list },
  { method: 'POST', path: `${base}/{type}`, handle: create },
  { method: 'GET', path: `${base}/{type}/{name}`, handle: get },
]);
