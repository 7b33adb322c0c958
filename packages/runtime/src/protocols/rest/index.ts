import { cursorList } from './list.ts';
import { restTransport } from './transport.ts';

export type { CursorList, WithRest } from './list.ts';
export type { ClassifyContext, RestAnswer, RestOptions, RestRequest, RestTransport } from './transport.ts';

/** Makes a REST transport; `rest.list` makes a list operation over one. */
export const rest = Object.assign(restTransport, { list: cursorList });
