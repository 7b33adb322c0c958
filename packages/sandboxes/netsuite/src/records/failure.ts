/** A refusal of one record: the request goes on, the record's own status tells it. */
export class RecordFailure extends Error {
  readonly code: string;
  /** Name of the field, where one is to blame. */
  readonly path: string | undefined;

  constructor(code: string, message: string, { path }: { path?: string } = {}) {
    super(message);
    this.code = code;
    this.path = path;
  }
}
