/** A business error, which comes with HTTP 200. */
export type Refusal = { field: string[] | null; message: string; code?: string };

/** A business error without a code. */
export const refused = (field: string[], message: string): Refusal => ({ field, message });

/** The named fields of an input that were given; null counts as given. */
export function given(input: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]));
}
