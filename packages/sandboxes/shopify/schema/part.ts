import { readFileSync } from 'node:fs';
import {
  astFromValue,
  buildClientSchema,
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isRequiredInputField,
  isScalarType,
  isSpecifiedScalarType,
  parse,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { readSchema } from '../../../../servers/shopify-schema/schema.mjs';

/** Fields of input types beyond those that the schema requires: variables do not show which are used. */
const inputFields: Readonly<Record<string, readonly string[]>> = {
  ProductSetInput: ['id', 'handle', 'title', 'descriptionHtml', 'status', 'vendor', 'productOptions', 'variants'],
  ProductSetIdentifiers: ['id', 'handle'],
  ProductIdentifierInput: ['id', 'handle'],
  ProductVariantSetInput: ['id', 'sku', 'price', 'optionValues', 'barcode'],
  OptionSetInput: ['id', 'name', 'values', 'position'],
  OptionValueSetInput: ['id', 'name'],
  VariantOptionValueInput: ['id', 'name', 'optionId', 'optionName'],
  CustomerSetInput: ['id', 'email', 'phone', 'firstName', 'lastName', 'note', 'tags'],
  CustomerSetIdentifiers: ['id', 'email', 'phone'],
  CustomerIdentifierInput: ['id', 'emailAddress', 'phoneNumber'],
  CustomerInput: ['id', 'email', 'phone', 'firstName', 'lastName', 'note', 'tags'],
  InventorySetQuantitiesInput: ['name', 'reason', 'referenceDocumentUri', 'quantities'],
  InventoryQuantityInput: ['inventoryItemId', 'locationId', 'quantity', 'changeFromQuantity'],
  WebhookSubscriptionInput: ['uri', 'format', 'filter', 'includeFields', 'name'],
};

/** Arguments that a client may give although no document of ours does. */
const commonArguments = new Set(['first', 'last', 'after', 'before', 'reverse', 'query', 'sortKey']);

interface Part {
  readonly objects: Map<GraphQLObjectType, Map<string, Set<string>>>;
  readonly inputs: Set<GraphQLInputObjectType>;
  readonly enums: Set<GraphQLEnumType>;
  readonly scalars: Set<string>;
}

/** Reads Shopify's whole schema. */
export const wholeSchema = (): GraphQLSchema => buildClientSchema(readSchema().introspection, { assumeValid: true });

const addNamed = (part: Part, type: unknown): void => {
  if (isScalarType(type) && !isSpecifiedScalarType(type)) part.scalars.add(type.name);
  if (isEnumType(type)) part.enums.add(type);
  if (!isInputObjectType(type) || part.inputs.has(type)) return;
  part.inputs.add(type);
  for (const field of keptInputFields(type)) addNamed(part, getNamedType(field.type));
};

const keptInputFields = (type: GraphQLInputObjectType) =>
  Object.values(type.getFields()).filter(
    (field) => isRequiredInputField(field) || (inputFields[type.name] ?? []).includes(field.name),
  );

const touchedPart = (schema: GraphQLSchema): Part => {
  const part: Part = { objects: new Map(), inputs: new Set(), enums: new Set(), scalars: new Set() };
  const info = new TypeInfo(schema);
  const document = parse(readFileSync(new URL('touched.graphql', import.meta.url), 'utf8'));
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: (node) => {
        const parent = info.getParentType();
        const field = info.getFieldDef();
        if (!isObjectType(parent) || !field)
          throw new Error(`touched.graphql: ${node.name.value} is not in the schema`);
        const fields = part.objects.get(parent) ?? new Map<string, Set<string>>();
        part.objects.set(parent, fields);
        const used = fields.get(field.name) ?? new Set<string>();
        fields.set(field.name, used);
        for (const argument of node.arguments ?? []) used.add(argument.name.value);
        for (const argument of field.args) if (commonArguments.has(argument.name)) used.add(argument.name);
        for (const argument of field.args) if (used.has(argument.name)) addNamed(part, getNamedType(argument.type));
        addNamed(part, getNamedType(field.type));
      },
    }),
  );
  return part;
};

const argumentText = ({ name, type, defaultValue }: GraphQLArgument): string => {
  const value = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
  return `${name}: ${type}${value ? ` = ${print(value)}` : ''}`;
};

const objectText = (type: GraphQLObjectType, fields: ReadonlyMap<string, ReadonlySet<string>>): string => {
  const lines = [...fields]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, used]) => {
      const field = type.getFields()[name];
      if (field === undefined) throw new Error(`${type.name}.${name} is not in the schema`);
      const args = field.args.filter((argument) => used.has(argument.name)).map(argumentText);
      return `  ${name}${args.length === 0 ? '' : `(${args.join(', ')})`}: ${field.type}`;
    });
  return `type ${type.name} {\n${lines.join('\n')}\n}`;
};

const byName = <Named extends { readonly name: string }>(types: Iterable<Named>): Named[] =>
  [...types].sort((left, right) => (left.name < right.name ? -1 : 1));

/** The part of the schema that touched.graphql touches, as SDL. */
export const adminPart = (): string => {
  const schema = wholeSchema();
  const part = touchedPart(schema);
  const objects = byName(part.objects.keys()).map((type) => objectText(type, part.objects.get(type) ?? new Map()));
  const inputs = byName(part.inputs).map((type) => {
    const lines = keptInputFields(type).map((field) => `  ${argumentText(field)}`);
    return `input ${type.name} {\n${lines.join('\n')}\n}`;
  });
  const enums = byName(part.enums).map(
    (type) =>
      `enum ${type.name} {\n${type
        .getValues()
        .map(({ name }) => `  ${name}`)
        .join('\n')}\n}`,
  );
  const scalars = [...part.scalars].sort().map((name) => `scalar ${name}`);
  const root = 'schema {\n  query: QueryRoot\n  mutation: Mutation\n}';
  const directive = 'directive @idempotent(key: String!) on FIELD';
  return [root, directive, ...scalars, ...enums, ...inputs, ...objects].join('\n\n');
};
