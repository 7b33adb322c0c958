import { isRecord, type SandboxAnswer, type SandboxRequest } from '@mortise/testing';
import { HubSpotFailure, invalid } from '../failure.ts';
import { jsonBody, recordList, requiredText, textField } from '../fields.ts';
import { objectTypeOf } from '../object-types.ts';
import { batchAnswer } from '../objects/batch.ts';
import { objectBases } from '../objects/routes.ts';
import type { Context, HubSpotRoute, HubSpotState, ObjectType } from '../types.ts';
import { foldTargets } from './read.ts';
import { type AssociationEnd, type AssociationSpec, findAssociations } from './table.ts';
import { associate, dissociate, specsOf } from './write.ts';

function endsOf({ params }: SandboxRequest): { from: AssociationEnd; to: AssociationEnd } {
  const from = { type: objectTypeOf(params.type), id: params.id ?? '' };
  return { from, to: { type: objectTypeOf(params.to), id: params.toId ?? '' } };
}

function typesOf({ params }: SandboxRequest): { from: ObjectType; to: ObjectType } {
  return { from: objectTypeOf(params.from), to: objectTypeOf(params.to) };
}

function idOf(input: Record<string, unknown>, name: string): string {
  const end = input[name];
  if (isRecord(end)) return requiredText(end, 'id');
  throw invalid(`Invalid input JSON: some required fields were not set: [${name}]`);
}

function inputsOf(request: SandboxRequest, state: HubSpotState): Record<string, unknown>[] {
  const inputs = recordList(jsonBody(request), 'inputs');
  const maximum = state.settings.maxBatchInputs;
  if (inputs.length > 0 && inputs.length <= maximum) return inputs;
  throw invalid(`A batch takes from 1 to ${maximum} inputs, received ${inputs.length}`);
}

function wireAssociation(from: AssociationEnd, to: AssociationEnd, associationSpec: AssociationSpec | undefined) {
  return { from: { id: from.id }, to: { id: to.id }, associationSpec };
}

function putDefault(request: SandboxRequest, context: Context): SandboxAnswer {
  const { from, to } = endsOf(request);
  const specs = specsOf([], from.type, to.type);
  associate(context, from, { to, specs });
  return batchAnswer(context.state, [wireAssociation(from, to, specs[0])], { success: 200 });
}

function putLabelled(request: SandboxRequest, context: Context): SandboxAnswer {
  const { from, to } = endsOf(request);
  const types = Array.isArray(request.body) ? request.body.filter(isRecord) : [];
  const specs = specsOf(types, from.type, to.type);
  associate(context, from, { to, specs });
  const labels = {
    fromObjectTypeId: from.type,
    fromObjectId: from.id,
    toObjectTypeId: to.type,
    toObjectId: to.id,
    labels: [],
  };
  return { status: 201, json: labels };
}

function listTargets(request: SandboxRequest, { state }: Context): SandboxAnswer {
  const { from, to } = endsOf(request);
  const limit = Math.min(500, Number(request.query.get('limit') ?? 500));
  const after = request.query.get('after') ?? '0';
  const rows = findAssociations(state.database, from, { to: to.type, after, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const next = rows.length > limit ? { paging: { next: { after: page.at(-1)?.toId, link: '' } } } : {};
  return { status: 200, json: { results: foldTargets(page), ...next } };
}

function removePair(request: SandboxRequest, context: Context): SandboxAnswer {
  const { from, to } = endsOf(request);
  dissociate(context, from, to);
  return { status: 204 };
}

type Pair = { from: AssociationEnd; to: AssociationEnd; specs: AssociationSpec[] };

function pairBatch(
  request: SandboxRequest,
  context: Context,
  { labelled, success }: { labelled: boolean; success: number },
) {
  const { from, to } = typesOf(request);
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const input of inputsOf(request, context.state)) {
    const types = labelled ? recordList(input, 'types') : [];
    const ends = { from: { type: from, id: idOf(input, 'from') }, to: { type: to, id: idOf(input, 'to') } };
    const pair: Pair = { ...ends, specs: specsOf(types, from, to) };
    try {
      associate(context, pair.from, { to: pair.to, specs: pair.specs });
      results.push(wireAssociation(pair.from, pair.to, pair.specs[0]));
    } catch (failure) {
      if (!(failure instanceof HubSpotFailure)) throw failure;
      const { category, message } = failure;
      errors.push({
        status: 'error',
        category,
        message,
        context: { fromObjectId: [pair.from.id], toObjectId: [pair.to.id] },
      });
    }
  }
  return batchAnswer(context.state, results, { success, errors });
}

function batchRead(request: SandboxRequest, { state }: Context): SandboxAnswer {
  const { from, to } = typesOf(request);
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const input of inputsOf(request, state)) {
    const id = requiredText(input, 'id');
    const after = textField(input, 'after') ?? '0';
    const targets = foldTargets(findAssociations(state.database, { type: from, id }, { to, after }));
    const message = `No ${to} associations found for ${from} ${id}`;
    if (targets.length > 0) results.push({ from: { id }, to: targets });
    else
      errors.push({
        status: 'error',
        category: 'OBJECT_NOT_FOUND',
        subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
        message,
        context: { fromObjectId: [id], fromObjectType: [from], toObjectType: [to] },
      });
  }
  return batchAnswer(state, results, { success: 200, errors });
}

function batchArchive(request: SandboxRequest, context: Context): SandboxAnswer {
  const { from, to } = typesOf(request);
  for (const input of inputsOf(request, context.state)) {
    const start = { type: from, id: idOf(input, 'from') };
    for (const target of recordList(input, 'to')) {
      dissociate(context, start, { type: to, id: requiredText(target, 'id') });
    }
  }
  return { status: 204 };
}

const batchBases = ['/crm/v4/associations', '/crm/associations/2026-03', '/crm/associations/2026-09'];

const batchRoutes = batchBases.flatMap((base): HubSpotRoute[] => {
  const batch = `${base}/{from}/{to}/batch`;
  return [
    {
      method: 'POST',
      path: `${batch}/create`,
      handle: (request, context) => pairBatch(request, context, { labelled: true, success: 201 }),
    },
    {
      method: 'POST',
      path: `${batch}/associate/default`,
      handle: (request, context) => pairBatch(request, context, { labelled: false, success: 200 }),
    },
    { method: 'POST', path: `${batch}/read`, handle: batchRead },
    { method: 'POST', path: `${batch}/archive`, handle: batchArchive },
  ];
});

const pairRoutes = [...objectBases, '/crm/v4/objects'].flatMap((base): HubSpotRoute[] => {
  const targets = `${base}/{type}/{id}/associations`;
  return [
    { method: 'PUT', path: `${targets}/default/{to}/{toId}`, handle: putDefault },
    { method: 'PUT', path: `${targets}/{to}/{toId}`, handle: putLabelled },
    { method: 'DELETE', path: `${targets}/{to}/{toId}`, handle: removePair },
    { method: 'GET', path: `${targets}/{to}`, handle: listTargets },
  ];
});

/** The associations API, v4 and dated. */
export const associationRoutes: HubSpotRoute[] = [...batchRoutes, ...pairRoutes];
