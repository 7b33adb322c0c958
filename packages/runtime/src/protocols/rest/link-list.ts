import { readField } from '../../contract/field.ts';
import { connectorError } from '../../errors/connector-error.ts';
import { walkPages } from '../../paging/walk.ts';
import { expiredCursor } from './expired-cursor.ts';
import { parseLinkHeader } from './link-header.ts';
import { listReader, type PagedSource, type RestList } from './paged-source.ts';
import type { RestAnswer } from './transport.ts';

/** A list whose pages name the next one by its address. */
export interface LinkedList extends PagedSource {
  /** Dotted path of the next address in the body; without it the Link header is read. */
  readonly next?: string;
  /** Relation of the link to follow; `next` unless given. */
  readonly rel?: string;
}

/**
 * Makes a `list` operation that follows links: those of the Link header (RFC 8288), or addresses in the body. Relative
 * ones begin at the page they stand on. One to another host than the transport's own and its `hosts` is refused.
 */
export const linkedList =
  <Name extends string>(name: Name, list: LinkedList): RestList<Name> =>
  (call, request) => {
    const { fetch, endMs } = listReader(call.transports[name], { source: list, request });
    return walkPages<string>({
      start: request.cursor ?? '',
      read: async (address) => {
        const from = address === '' ? {} : { link: address };
        const { answer, records, total } = await fetch({}, from).catch((thrown: unknown) => {
          throw address === '' ? thrown : expiredCursor(thrown);
        });
        return { records, total, next: nextAddress(answer, list) };
      },
      keyOf: (address) => address,
      rules: list,
      endMs,
    });
  };

const nextAddress = (answer: RestAnswer, { next, rel = 'next' }: LinkedList): string | undefined => {
  const address = next === undefined ? linkOf(answer, rel) : readField(answer.body, next);
  if (address === undefined || address === null || address === false || address === '') return undefined;
  const url = typeof address === 'string' ? URL.parse(address, answer.url) : null;
  if (url === null) throw connectorError('unexpected-content', 'the address of the next page is not a URL');
  return url.href;
};

const linkOf = ({ headers }: RestAnswer, rel: string): string | undefined =>
  parseLinkHeader(headers.link ?? '').find(({ rels }) => rels.includes(rel.toLowerCase()))?.target;
