import {
  buildClientSchema,
  buildSchema,
  type GraphQLNamedType,
  type IntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { readSchema } from '../../../../servers/shopify-schema/schema.mjs';
import { pruned } from '../schema/prune.mjs';
import { sdl } from '../src/schema/sdl.ts';

const { introspection } = readSchema();
const isIntrospection = (value: object): value is IntrospectionQuery => '__schema' in value;
if (!isIntrospection(introspection)) throw new Error('The schema file holds no introspection result.');
const theirs = buildClientSchema(introspection, { assumeValid: true });
const ours = buildSchema(sdl);

/** Every field, argument and enum value of a type, with its type: one line each. */
function linesOf(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return type.getValues().map(({ name }) => `${type.name}.${name}`);
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map((field) => `${type.name}.${field.name}: ${field.type}`);
  if (!isObjectType(type) && !isInterfaceType(type)) return [`scalar ${type.name}`];
  return Object.values(type.getFields()).flatMap((field) => [
    `${type.name}.${field.name}: ${field.type}`,
    ...field.args.map((arg) => `${type.name}.${field.name}(${arg.name}: ${arg.type})`),
  ]);
}

const types = Object.values(ours.getTypeMap()).filter(({ name }) => !name.startsWith('__'));

describe('vendors.md 3, the published schema', () => {
  test('every type, field, argument and enum value of ours is there with the same type', () => {
    const missing = types
      .filter((type) => !isSpecifiedScalarType(type))
      .flatMap((type) => {
        const named = theirs.getType(type.name);
        const there = new Set(named === undefined ? [] : linesOf(named));
        return linesOf(type).filter((line) => !there.has(line));
      });
    expect(missing).toEqual([]);
    expect(types.length).toBeGreaterThan(100);
  });

  test('the file is the one that the script writes', () => {
    expect(sdl.trim()).toBe(pruned(introspection).trim());
  });

  test('the directive of idempotent writes takes the same key', () => {
    const args = ours.getDirective('idempotent')?.args.map(({ name, type }) => `${name}: ${type}`);
    expect(args).toEqual(theirs.getDirective('idempotent')?.args.map(({ name, type }) => `${name}: ${type}`));
  });
});
