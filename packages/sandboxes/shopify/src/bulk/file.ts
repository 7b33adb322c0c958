import { createHmac } from 'node:crypto';
import type { SandboxAnswer, SandboxRequest } from '@mortise/testing';
import type { Context, ShopifyRoute, ShopifyState, StoredRecord } from '../types.ts';

const signed = ({ settings }: ShopifyState, { path, expires }: { path: string; expires: string }): string =>
  createHmac('sha256', settings.oauth.clientSecret).update(`${path} ${expires}`).digest('base64url');

/** The signed address of a bulk operation's file: whoever has it may read, without a token. */
export function fileUrl(state: ShopifyState, { id, createdAt }: StoredRecord, { origin }: { origin: string }): string {
  const path = `/bulk-files/bulk-${id}.jsonl`;
  const expires = String(Math.floor(createdAt / 1000) + state.settings.bulkFileDays * 86_400);
  return `${origin}${path}?Expires=${expires}&Signature=${signed(state, { path, expires })}`;
}

function file(request: SandboxRequest, { state, database, clock }: Context): SandboxAnswer {
  const expires = request.query.get('Expires') ?? '';
  const isOurs = request.query.get('Signature') === signed(state, { path: request.path, expires });
  if (!isOurs) return { status: 403, text: '<Error><Code>SignatureDoesNotMatch</Code></Error>' };
  if (Number(expires) * 1000 <= clock.now()) return { status: 400, text: '<Error><Code>ExpiredToken</Code></Error>' };
  const [, id = '0'] = /bulk-(\d{1,18})\.jsonl$/.exec(request.path) ?? [];
  const row = database.statement('SELECT text FROM bulk_files WHERE id = ?').get(BigInt(id));
  if (row === undefined) return { status: 404, text: '<Error><Code>NoSuchKey</Code></Error>' };
  return { status: 200, headers: { 'content-type': 'application/jsonl' }, text: String(row.text) };
}

/** The files of bulk operations, on the stand-in's own server. */
export const bulkFileRoutes: readonly ShopifyRoute[] = [{ method: 'GET', path: '/bulk-files/{name}', handle: file }];
