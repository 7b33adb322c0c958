import type { SandboxRequest } from '@mortise/testing';
import { originOf } from '../origin.ts';
import type { Context } from '../types.ts';
import { invalid } from './failure.ts';

/** A page that was asked for. */
export type Page = { limit: number; offset: number };

/** Reads `limit` and `offset`. Throws 400 for a bad one; an offset is a multiple of the limit. */
export function pageOf({ query }: SandboxRequest, { state }: Context): Page {
  const { maxRestLimit } = state.settings;
  const limit = Number(query.get('limit') ?? maxRestLimit);
  const offset = Number(query.get('offset') ?? 0);
  if (!Number.isInteger(limit) || limit < 1 || limit > maxRestLimit)
    throw invalid(`Invalid query parameter value for limit. Provide an integer between 1 and ${maxRestLimit}.`);
  if (!Number.isInteger(offset) || offset < 0 || offset % limit !== 0)
    throw invalid('Invalid query parameter value for offset. Provide a multiple of the limit.');
  return { limit, offset };
}

/** The vendor's frame around a page. */
export function pageJson(request: SandboxRequest, { limit, offset }: Page, told: { items: unknown[]; total: number }) {
  const href = (at: number): string => {
    const query = new URLSearchParams(request.query);
    query.set('limit', String(limit));
    query.set('offset', String(at));
    return `${originOf(request)}${request.path}?${query}`;
  };
  const hasMore = offset + told.items.length < told.total;
  const links = [
    { rel: 'self', href: href(offset) },
    ...(hasMore ? [{ rel: 'next', href: href(offset + limit) }] : []),
    ...(offset > 0 ? [{ rel: 'prev', href: href(Math.max(0, offset - limit)) }] : []),
  ];
  return { links, count: told.items.length, hasMore, items: told.items, offset, totalResults: told.total };
}
