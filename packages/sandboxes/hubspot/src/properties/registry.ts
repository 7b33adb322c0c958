import { isRecord, parseJson, type SandboxDatabase } from '@mortise/testing';
import { objectTypes } from '../object-types.ts';
import type { ObjectType } from '../types.ts';
import { type PropertyDefinition, type PropertyType, standardProperties } from './standard.ts';

/** Definitions by type, standard and custom. */
export type PropertyRegistry = {
  find(type: ObjectType, name: string): PropertyDefinition | undefined;
  list(type: ObjectType): PropertyDefinition[];
  add(type: ObjectType, definition: PropertyDefinition): void;
  /** Names whose values no two live records of the type may share, hs_object_id apart. */
  uniqueNames(type: ObjectType): readonly string[];
  /** Forgets what was cached and reads the custom ones anew. */
  reload(): void;
};

const types: readonly PropertyType[] = ['string', 'number', 'date', 'datetime', 'enumeration', 'bool'];

function propertyTypeOf(name: unknown): PropertyType | undefined {
  return types.find((type) => type === name);
}

/** Reads a definition from a create request or from the database; undefined when name or type is missing. */
export function definitionFrom(value: unknown): PropertyDefinition | undefined {
  if (!isRecord(value) || typeof value.name !== 'string') return undefined;
  const type = propertyTypeOf(value.type);
  if (type === undefined) return undefined;
  const options = Array.isArray(value.options) ? value.options.filter(isRecord) : [];
  return {
    name: value.name,
    label: String(value.label ?? value.name),
    type,
    fieldType: String(value.fieldType ?? 'text'),
    groupName: String(value.groupName ?? 'custom'),
    description: String(value.description ?? ''),
    options: options.map((option, index) => ({
      label: String(option.label),
      value: String(option.value),
      displayOrder: Number(option.displayOrder ?? index),
      hidden: option.hidden === true,
    })),
    hasUniqueValue: value.hasUniqueValue === true,
    hubspotDefined: false,
    readOnly: false,
  };
}

/** Opens the registry over the table custom_properties. */
export function openRegistry(database: SandboxDatabase): PropertyRegistry {
  const cache = new Map<ObjectType, Map<string, PropertyDefinition>>();
  const unique = new Map<ObjectType, string[]>();

  function remember(type: ObjectType, definition: PropertyDefinition): void {
    cache.get(type)?.set(definition.name, definition);
    // E-mail is the contacts' own unique key although its definition does not say so.
    if (definition.hasUniqueValue && definition.name !== 'hs_object_id') unique.get(type)?.push(definition.name);
  }

  function load(type: ObjectType): void {
    cache.set(type, new Map());
    unique.set(type, type === 'contacts' ? ['email'] : []);
    for (const definition of standardProperties(type)) remember(type, definition);
    const rows = database.statement('SELECT definition FROM custom_properties WHERE type = ? ORDER BY name').all(type);
    for (const row of rows) {
      const definition = definitionFrom(parseJson(String(row.definition)));
      if (definition !== undefined) remember(type, definition);
    }
  }

  const reload = (): void => objectTypes.forEach(load);
  reload();
  return {
    find: (type, name) => cache.get(type)?.get(name),
    list: (type) => [...(cache.get(type)?.values() ?? [])],
    uniqueNames: (type) => unique.get(type) ?? [],
    add: (type, definition) => {
      const insert = 'INSERT INTO custom_properties (type, name, definition) VALUES (?, ?, ?)';
      database.statement(insert).run(type, definition.name, JSON.stringify(definition));
      remember(type, definition);
    },
    reload,
  };
}
