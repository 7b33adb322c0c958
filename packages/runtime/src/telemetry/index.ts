export type { MetricsQuery, MetricsStore, MinuteMetrics } from './metrics-store.ts';
