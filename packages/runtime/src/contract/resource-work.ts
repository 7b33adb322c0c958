import { liveResource } from './live-resource.ts';

/**
 * What makes resources live over a call road. It comes with the road, from the protocol of a connection's first
 * transport: a host that only reads definitions loads none of it.
 */
export const resourceWork = { liveResource } as const;

/** What makes resources live over a call road. */
export type ResourceWork = typeof resourceWork;
