import { connectorError } from '../../errors/connector-error.ts';

/**
 * A document that knows the types of its data and its variables. A plain text is one of unknown data, {@link document}
 * makes one of stated types, and so are the strings that GraphQL Code Generator writes with `documentMode: 'string'`.
 */
export interface TypedDocument<Data, Variables> {
  readonly toString: () => string;
  /** In the type only: where GraphQL's `DocumentTypeDecoration` keeps its types. */
  readonly __apiType?: (variables: Variables) => Data;
}

/**
 * A text as a document of these types. They are a promise of its author; give `data` a schema to have them checked.
 * @example
 * ```ts
 * import { document } from '@mortise/runtime/graphql';
 * export const shop = document<{ shop: { name: string } }, { id: string }>('query Shop($id: ID!) { shop(id: $id) { name } }');
 * ```
 */
export const document = <Data, Variables = Readonly<Record<string, unknown>>>(
  text: string,
): TypedDocument<Data, Variables> => text;

/** The text of a document. @throws ConnectorError `invalid-definition` for a parsed one. */
export const textOf = (given: TypedDocument<unknown, never>): string => {
  const text = given.toString();
  if (text !== '[object Object]') return text;
  const advice = "give its text; GraphQL Code Generator writes it with documentMode: 'string'";
  throw connectorError('invalid-definition', `a GraphQL document is a parsed tree: ${advice}`);
};

/** Strings and comments, which may hold anything. */
const ignored = /"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*/g;
const operation = /(?:^|\})\s*(query|mutation|subscription)\b\s*(\w+)?/;

/** Kind and name of a document's operation. A mutation without a name is still one: it must not pass for a read. */
export const operationOf = (text: string): { readonly kind: string; readonly name: string | undefined } => {
  const [, kind = 'query', name] = operation.exec(text.replace(ignored, ' ')) ?? [];
  return { kind, name };
};
