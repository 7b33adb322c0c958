import { isRecord, type SandboxAnswer, type SandboxRequest } from '@mortise/testing';
import { associateNew } from '../associations/write.ts';
import { HubSpotFailure, invalid, notFound } from '../failure.ts';
import { jsonBody, recordList, requiredText, textField, textList } from '../fields.ts';
import { objectTypeOf } from '../object-types.ts';
import type { Context, HubSpotState, ObjectType } from '../types.ts';
import { type WireObject, wireObject } from './wire.ts';
import { archiveObject, createObject, requireUnique, resolveObject, uniqueKey, updateObject } from './write.ts';

type Input = Record<string, unknown>;
type Row = WireObject & { new?: boolean; objectWriteTraceId?: string };
type Outcome = { row: Row } | { failure: HubSpotFailure; input: Input };

function inputsOf(request: SandboxRequest, state: HubSpotState): Input[] {
  const inputs = recordList(jsonBody(request), 'inputs');
  const maximum = state.settings.maxBatchInputs;
  if (inputs.length === 0) throw invalid('Invalid input JSON: some required fields were not set: [inputs]');
  if (inputs.length > maximum) throw invalid(`The maximum number of inputs is ${maximum}, received ${inputs.length}`);
  return inputs;
}

function propertiesOf(input: Input): Record<string, unknown> {
  if (isRecord(input.properties)) return input.properties;
  throw invalid('Invalid input JSON: some required fields were not set: [properties]');
}

function refuseRepeated(state: HubSpotState, inputs: Input[]): void {
  if (!state.settings.refuseRepeatedInputs) return;
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const input of inputs) {
    const name = textField(input, 'idProperty') ?? 'hs_object_id';
    const id = requiredText(input, 'id');
    const key = JSON.stringify([name, uniqueKey(name, id)]);
    if (seen.has(key)) repeated.add(id);
    seen.add(key);
  }
  if (repeated.size === 0) return;
  throw invalid(`Duplicate IDs found in batch input: [${[...repeated].join(', ')}]. IDs must be unique`);
}

function traced(row: Row, input: Input): Row {
  const trace = textField(input, 'objectWriteTraceId');
  return trace === undefined ? row : { ...row, objectWriteTraceId: trace };
}

function attempt(input: Input, work: (input: Input) => Row): Outcome {
  try {
    return { row: traced(work(input), input) };
  } catch (failure) {
    if (failure instanceof HubSpotFailure) return { failure, input };
    throw failure;
  }
}

/** The trace id is all that ties an error to its input; only a missing object is named by its id besides. */
function errorEntry({ failure, input }: { failure: HubSpotFailure; input: Input }) {
  const { category, message, extras } = failure;
  const trace = textField(input, 'objectWriteTraceId');
  const context = {
    ...extras.context,
    ...(trace === undefined ? {} : { objectWriteTraceId: [trace] }),
    ...(failure.status === 404 ? { ids: [textField(input, 'id') ?? ''] } : {}),
  };
  return { status: 'error', category, message, ...extras, context, links: {}, errors: extras.errors ?? [] };
}

/** Status, rows and errors of a batch: 207 when some inputs failed. */
export function batchAnswer<Result>(
  state: HubSpotState,
  results: Result[],
  { success, errors = [] }: { success: number; errors?: unknown[] },
): SandboxAnswer {
  const at = new Date(state.clock.now()).toISOString();
  const ordered = state.settings.batchOrder === 'reversed' ? results.toReversed() : results;
  const body = { status: 'COMPLETE', results: ordered, startedAt: at, completedAt: at };
  if (errors.length === 0) return { status: success, json: body };
  return { status: 207, json: { ...body, numErrors: errors.length, errors } };
}

function runBatch(
  state: HubSpotState,
  inputs: Input[],
  { success, work }: { success: number; work: (input: Input) => Row },
) {
  const outcomes = inputs.map((input) => attempt(input, work));
  const failed = outcomes.filter((outcome) => 'failure' in outcome);
  const partial = state.settings.multiStatus === 'always' || inputs.every((input) => 'objectWriteTraceId' in input);
  const first = failed[0];
  // Thrown, so that the whole request is undone.
  if (first !== undefined && !partial) throw first.failure;
  const rows = outcomes.filter((outcome) => 'row' in outcome).map((outcome) => outcome.row);
  return batchAnswer(state, rows, { success, errors: failed.map(errorEntry) });
}

/** POST batch/create. */
export function batchCreate(request: SandboxRequest, context: Context): SandboxAnswer {
  const { state } = context;
  const type = objectTypeOf(request.params.type);
  const work = (input: Input): Row => {
    const object = createObject(context, type, { properties: propertiesOf(input) });
    associateNew(context, object, input);
    return wireObject(state, object, 'all');
  };
  return runBatch(state, inputsOf(request, state), { success: 201, work });
}

/** POST batch/update, by id or by a unique property per input. */
export function batchUpdate(request: SandboxRequest, context: Context): SandboxAnswer {
  const { state } = context;
  const type = objectTypeOf(request.params.type);
  const inputs = inputsOf(request, state);
  refuseRepeated(state, inputs);
  const work = (input: Input): Row => {
    const idProperty = textField(input, 'idProperty');
    const before = resolveObject(state, type, { id: requiredText(input, 'id'), idProperty });
    if (before === undefined || before.archivedAt !== null) throw notFound(missing(type));
    return wireObject(state, updateObject(context, before, { properties: propertiesOf(input), idProperty }), 'all');
  };
  return runBatch(state, inputs, { success: 200, work });
}

/** POST batch/upsert, by e-mail or a property with unique values; rows say whether they are `new`. */
export function batchUpsert(request: SandboxRequest, context: Context): SandboxAnswer {
  const { state } = context;
  const type = objectTypeOf(request.params.type);
  const inputs = inputsOf(request, state);
  for (const input of inputs) requireUnique(state, { type, name: requiredText(input, 'idProperty') });
  refuseRepeated(state, inputs);
  const work = (input: Input): Row => {
    const idProperty = requiredText(input, 'idProperty');
    const id = requiredText(input, 'id');
    const before = resolveObject(state, type, { id, idProperty });
    const properties = propertiesOf(input);
    if (before !== undefined) {
      return { ...wireObject(state, updateObject(context, before, { properties, idProperty }), 'all'), new: false };
    }
    const object = createObject(context, type, { properties: { [idProperty]: id, ...properties }, idProperty });
    return { ...wireObject(state, object, 'all'), new: true };
  };
  return runBatch(state, inputs, { success: 200, work });
}

function missing(type: ObjectType): string {
  const name = type.toUpperCase();
  return `Could not get some ${name} objects, they may be deleted or not exist. Check that ids are valid.`;
}

/** POST batch/read: what is missing comes as one error of a 207. */
export function batchRead(request: SandboxRequest, { state }: Context): SandboxAnswer {
  const type = objectTypeOf(request.params.type);
  const body = jsonBody(request);
  const idProperty = textField(body, 'idProperty');
  const wanted = textList(body, 'properties');
  const archived = request.query.get('archived') === 'true';
  const rows: WireObject[] = [];
  const ids: string[] = [];
  for (const input of inputsOf(request, state)) {
    const id = requiredText(input, 'id');
    const object = resolveObject(state, type, { id, idProperty });
    if (object === undefined || (object.archivedAt !== null) !== archived) ids.push(id);
    else rows.push(wireObject(state, object, wanted));
  }
  const error = { status: 'error', category: 'OBJECT_NOT_FOUND', message: missing(type), context: { ids } };
  return batchAnswer(state, rows, { success: 200, errors: ids.length === 0 ? [] : [error] });
}

/** POST batch/archive: ids that do not exist are passed over in silence. */
export function batchArchive(request: SandboxRequest, context: Context): SandboxAnswer {
  const type = objectTypeOf(request.params.type);
  for (const input of inputsOf(request, context.state)) {
    const object = resolveObject(context.state, type, { id: requiredText(input, 'id') });
    if (object !== undefined) archiveObject(context, object);
  }
  return { status: 204 };
}
