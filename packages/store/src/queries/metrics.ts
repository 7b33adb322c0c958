import type { Clock, MetricsQuery, MetricsStore, MinuteMetrics } from '@mortise/runtime';
import { addedMetrics } from '@mortise/runtime/telemetry';
import type { Session, SqliteDatabase } from '../sqlite/database.ts';
import { builder, type MinuteMetricsRow } from './schema.ts';
import { createBatch, repeat, statementOf } from './statement.ts';

/** How long metrics are kept. */
const keptMs = 14 * 24 * 60 * 60 * 1_000;

const blank: MinuteMetricsRow = { connection: '', template: '', minute: 0, calls: 0, errors: '{}', histogram: '[]' };

const upsertMinutes = createBatch(
  (count) =>
    builder
      .insertInto('minute_metrics')
      .values(repeat(count, blank))
      .onConflict((conflict) =>
        conflict.columns(['connection', 'template', 'minute']).doUpdateSet(({ ref }) => ({
          calls: ref('excluded.calls'),
          errors: ref('excluded.errors'),
          histogram: ref('excluded.histogram'),
        })),
      ),
  ({ connection, template, minute, calls, errors, histogram }: MinuteMetricsRow) => [
    ...[connection, template, minute, calls, errors, histogram],
  ],
);

/** The runtime wrote both columns; STRICT and json_valid keep them JSON. */
const metricsOf = ({ errors, histogram, ...row }: MinuteMetricsRow): MinuteMetrics => ({
  ...row,
  errors: JSON.parse(errors),
  histogram: JSON.parse(histogram),
});

const rowOf = ({ errors, histogram, ...metrics }: MinuteMetrics): MinuteMetricsRow => ({
  ...metrics,
  errors: JSON.stringify(errors),
  histogram: JSON.stringify(histogram),
});

const stored = (session: Session, { connection, template, minute }: MinuteMetrics): MinuteMetrics | undefined => {
  const query = builder
    .selectFrom('minute_metrics')
    .selectAll()
    .where('connection', '=', connection)
    .where('template', '=', template)
    .where('minute', '=', minute);
  const [row] = session.read(statementOf(query));
  return row && metricsOf(row);
};

const keyOf = ({ connection, template, minute }: MinuteMetrics): string =>
  JSON.stringify([connection, template, minute]);

/** What is stored and what is new in one, by minute: the same minute may come twice. */
const merged = (session: Session, minutes: readonly MinuteMetrics[]): readonly MinuteMetrics[] => {
  const sums = new Map<string, MinuteMetrics>();
  for (const each of minutes) {
    const known = sums.get(keyOf(each)) ?? stored(session, each);
    sums.set(keyOf(each), known === undefined ? each : addedMetrics(known, each));
  }
  return [...sums.values()];
};

const purge = (session: Session, now: number): void =>
  session.run(statementOf(builder.deleteFrom('minute_metrics').where('minute', '<', Math.trunc(now - keptMs))));

const readMinutes = ({ connection, since }: MetricsQuery) => {
  const all = builder.selectFrom('minute_metrics').selectAll().where('minute', '>=', Math.trunc(since));
  const chosen = connection === undefined ? all : all.where('connection', '=', connection);
  return statementOf(chosen.orderBy('minute').orderBy('connection').orderBy('template'));
};

/**
 * Metrics of connections. Several processes add to the same minute: each reads and writes it in one transaction, which
 * also removes what is older than 14 days.
 */
export const createMetrics = ({
  database,
  clock,
}: {
  readonly database: SqliteDatabase;
  readonly clock: Clock;
}): MetricsStore => ({
  add: async (minutes) => {
    if (minutes.length === 0) return;
    await database.exclusively((session) => {
      for (const statement of upsertMinutes(merged(session, minutes).map(rowOf))) session.run(statement);
      purge(session, clock.now());
    });
  },
  read: async (query) => (await database.read(readMinutes(query))).map(metricsOf),
});
