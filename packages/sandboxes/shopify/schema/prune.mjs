import {
  buildClientSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isObjectType,
} from 'graphql';
import { selection } from './selection.mjs';

const isConnection = (name) => /(Connection|Edge)$/.test(name);

function fieldNames(type) {
  if (isConnection(type.name))
    return ['edges', 'nodes', 'pageInfo', 'cursor', 'node'].filter((name) => type.getFields()[name]);
  const chosen = selection[type.name];
  if (chosen === undefined) throw new Error(`${type.name} is answered by a chosen field and is not chosen itself.`);
  return chosen.trim().split(/\s+/);
}

const printedDefault = (value) => (value === undefined ? '' : ` = ${value}`);

function defaults(introspection) {
  const found = new Map();
  for (const type of introspection.__schema.types) {
    for (const field of type.fields ?? []) {
      for (const arg of field.args) found.set(`${type.name}.${field.name}.${arg.name}`, arg.defaultValue ?? undefined);
    }
    for (const field of type.inputFields ?? [])
      found.set(`${type.name}.${field.name}`, field.defaultValue ?? undefined);
  }
  return found;
}

const isChosen = (type) => isLeafType(type) || selection[type.name] !== undefined;

/** Prints the chosen part of Shopify's schema as SDL. Throws for a chosen field that does not exist. */
export function pruned(introspection) {
  const schema = buildClientSchema(introspection, { assumeValid: true });
  const written = defaults(introspection);
  const blocks = new Map();
  const visit = (named) => {
    if (blocks.has(named.name) || ['Int', 'Float', 'String', 'Boolean', 'ID'].includes(named.name)) return;
    blocks.set(named.name, '');
    blocks.set(named.name, printed(named));
  };
  const argument = (owner, arg) => {
    visit(getNamedType(arg.type));
    return `${arg.name}: ${arg.type}${printedDefault(written.get(`${owner}.${arg.name}`))}`;
  };
  const field = (type, name) => {
    const found = type.getFields()[name];
    if (found === undefined) throw new Error(`${type.name} has no field ${name}.`);
    visit(getNamedType(found.type));
    if (isInputObjectType(type)) return `${argument(type.name, found)}`;
    const args = found.args.filter((arg) => isChosen(getNamedType(arg.type)));
    const list = args.length === 0 ? '' : `(${args.map((arg) => argument(`${type.name}.${name}`, arg)).join(', ')})`;
    return `${name}${list}: ${found.type}`;
  };
  function printed(type) {
    if (isEnumType(type))
      return `enum ${type.name} { ${type
        .getValues()
        .map(({ name }) => name)
        .join(' ')} }`;
    if (isLeafType(type)) return `scalar ${type.name}`;
    const body = fieldNames(type)
      .map((name) => field(type, name))
      .join(' ');
    if (isInputObjectType(type)) return `input ${type.name}${type.isOneOf ? ' @oneOf' : ''} { ${body} }`;
    if (isInterfaceType(type)) return `interface ${type.name} { ${body} }`;
    if (!isObjectType(type)) throw new Error(`${type.name} is of a kind that the stand-in does not have.`);
    const known = type.getInterfaces().filter(({ name }) => selection[name] !== undefined);
    for (const each of known) visit(each);
    const names = known.length === 0 ? '' : ` implements ${known.map(({ name }) => name).join(' & ')}`;
    return `type ${type.name}${names} { ${body} }`;
  }
  for (const name of Object.keys(selection)) visit(schema.getType(name));
  const head = 'schema { query: QueryRoot mutation: Mutation }\n\ndirective @idempotent(key: String!) on FIELD';
  return `${[head, ...[...blocks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, block]) => block)].join('\n\n')}\n`;
}
