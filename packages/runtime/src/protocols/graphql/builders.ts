import { type ConnectionList, connectionList, type GraphqlList } from './connection.ts';

/** What makes operations over the transport of one name. A vendor without a transport of that name refuses them. */
export interface GraphqlBuilders<Name extends string> {
  /** A list over a connection of Relay's kind. */
  readonly connection: (list: ConnectionList) => GraphqlList<Name>;
}

/** Makes the builders for the transport of a name. */
export const builders = <const Name extends string>(name: Name): GraphqlBuilders<Name> => ({
  connection: (list) => connectionList(name, list),
});
