import { isRecord } from '@mortise/testing';
import type { Resolver } from '../graphql/execution.ts';
import { gidOf, idOf } from '../records/gid.ts';
import { findRecord, recordColumns, removeRecord } from '../records/table.ts';
import { sourceOf } from '../records/wire.ts';
import { create } from '../shop/changes.ts';
import { refused } from './refusal.ts';

const loopback = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/;

/** `webhookSubscriptionCreate`: https only at the vendor; here http on loopback too, or nobody could be called. */
export const webhookSubscriptionCreate: Resolver = (_source, { topic, webhookSubscription }, { context }) => {
  const given = isRecord(webhookSubscription) ? webhookSubscription : {};
  const uri = String(given.uri ?? '');
  const none = (message: string) => ({
    webhookSubscription: null,
    userErrors: [refused(['webhookSubscription', 'uri'], message)],
  });
  if (!uri.startsWith('https://') && !loopback.test(uri)) return none('Address protocol http:// is not supported');
  const sql = `SELECT ${recordColumns} FROM records WHERE type = 'WebhookSubscription'
    AND json_extract(body, '$.topic') = ? AND json_extract(body, '$.uri') = ?`;
  if (context.database.statement(sql).get(String(topic), uri) !== undefined) {
    return none('Address for this topic has already been taken');
  }
  const body = {
    ...{ topic, uri, format: given.format ?? 'JSON', filter: given.filter ?? null, name: given.name ?? null },
    ...{ includeFields: given.includeFields ?? [], metafieldNamespaces: given.metafieldNamespaces ?? [] },
  };
  const made = create(context.state, { type: 'WebhookSubscription', body });
  context.noteWrite({ kind: 'create', type: 'WebhookSubscription', id: made.id, key: `${String(topic)} ${uri}` });
  return { webhookSubscription: sourceOf(made), userErrors: [] };
};

/** `webhookSubscriptionDelete`. */
export const webhookSubscriptionDelete: Resolver = (_source, { id }, { context }) => {
  const found = findRecord(context.database, { type: 'WebhookSubscription', id: idOf(id, 'WebhookSubscription') });
  if (found === undefined) {
    return { deletedWebhookSubscriptionId: null, userErrors: [refused(['id'], 'Webhook subscription does not exist')] };
  }
  removeRecord(context.database, found);
  context.noteWrite({ kind: 'delete', type: 'WebhookSubscription', id: found.id });
  return { deletedWebhookSubscriptionId: gidOf(found), userErrors: [] };
};
