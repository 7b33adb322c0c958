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
