import type { z } from 'zod';
import { parseSettings } from './settings.ts';

/** A limit that the vendor sets, as a connector takes it for granted. */
export interface ApiLimit {
  /** What is limited, in the vendor's words, for instance `requests per 10 s and app`. */
  readonly name: string;
  /** How much, counted in `unit`. */
  readonly value: number;
  /** What the value counts, for instance `requests`, `records`, `bytes`. */
  readonly unit: string;
  /** Page of the vendor that says so; one of the `sources` unless given. */
  readonly source?: string;
}

/** What a connector takes for granted about its vendor's API, as data: what a reviewer checks once a quarter. */
export interface ApiFacts {
  /** Version that it calls, as the vendor writes it, for instance `2026-09`; of the server where that is all there is. */
  readonly version: string;
  /** Last day on which the vendor answers that version, `YYYY-MM-DD`; `none` where the vendor names no end. */
  readonly sunset: string;
  /** Pages where version and sunset can be read. */
  readonly sources: readonly string[];
  readonly limits: readonly ApiLimit[];
}

/** As much of a connector as its facts are read from. */
interface FactualConnector {
  readonly vendor: {
    readonly id: string;
    readonly settings: z.ZodObject;
    readonly api?: ApiFacts | ((settings: never) => ApiFacts) | undefined;
  };
}

/**
 * What a connector takes for granted about its vendor's API under these settings; undefined where it states nothing.
 * Settings matter for a connector that speaks several APIs, and are left alone by all others.
 * @throws ConnectorError `invalid-settings`, `unsafe-url`.
 */
export const apiFactsOf = ({ vendor }: FactualConnector, settings?: object): ApiFacts | undefined => {
  const { id, api, settings: schema } = vendor;
  if (typeof api !== 'function') return api;
  const parsed = parseSettings(schema, { input: settings, owner: { connector: id, kind: 'setting' } });
  // The schema is that of the vendor whose function it is: the definition says so, the connector no longer does.
  return api(parsed as never);
};
