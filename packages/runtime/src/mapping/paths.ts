/** Keys that are declared. An index signature (a loose object's unknown keys) would let any text pass as a path. */
export type DeclaredKeys<T> = keyof {
  [K in keyof T as string extends K ? never : number extends K ? never : K]: T[K];
} &
  string;

type Walkable<T> = T extends readonly unknown[] | Date | ((...parameters: never) => unknown)
  ? never
  : T extends object
    ? T
    : never;

/** A key that holds a dot cannot stand in a dotted path: it takes a tuple path. */
type DotlessKeys<T> = Exclude<DeclaredKeys<T>, `${string}.${string}`>;

/**
 * Dotted paths into a wire record, four levels deep. Arrays and undeclared keys are left out: lists take `each`,
 * undeclared keys take `bag`, deeper paths and keys that hold a dot take a tuple.
 */
export type Paths<T, Depth extends 0[] = []> = Depth['length'] extends 4
  ? never
  : T extends Walkable<T>
    ? { [K in DotlessKeys<T>]: K | `${K}.${Paths<NonNullable<T[K]>, [...Depth, 0]>}` }[DotlessKeys<T>]
    : never;

/** A path as its keys: `['properties', 'a.b']`. */
export type TuplePath = readonly [string, ...string[]];

type Split<P extends string> = P extends `${infer Head}.${infer Rest}` ? [Head, ...Split<Rest>] : [P];

/** The keys of a dotted or tuple path. */
export type KeysOf<P> = P extends string ? Split<P> : P extends TuplePath ? [...P] : never;

/** The type found at a path; a null or missing parent reads as missing. */
export type At<T, Keys> = Keys extends [infer Head, ...infer Rest]
  ? T extends null | undefined
    ? undefined
    : Head extends DeclaredKeys<T>
      ? At<T[Head], Rest>
      : undefined
  : T;

/** Whether a tuple path leads somewhere. Dotted paths need no such question: `Paths` lists them. */
export type HasPath<T, Keys> = Keys extends [infer Head, ...infer Rest]
  ? Head extends DeclaredKeys<NonNullable<T>>
    ? HasPath<NonNullable<T>[Head], Rest>
    : false
  : true;

type Heads<Keys> = Keys extends [infer Head, ...unknown[]] ? Head : never;
type Tails<Keys, Head> = Keys extends [Head, ...infer Rest] ? (Rest extends [] ? never : Rest) : never;

/** A record type cut down to some paths, each given as its keys. */
export type PickPaths<T, Keys> = T extends object
  ? {
      [K in keyof T as K extends Heads<Keys> ? K : never]: [K] extends Keys ? T[K] : PickPaths<T[K], Tails<Keys, K>>;
    }
  : T;
