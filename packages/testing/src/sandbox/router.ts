import type { Route } from './types.ts';

/** A route found for a path, with its decoded parameters. */
export type RouteMatch<State> = { route: Route<State>; params: Record<string, string> };

/** Finds the route of a method and a path. */
export type Router<State> = (method: string, path: string) => RouteMatch<State> | undefined;

type Compiled<State> = { route: Route<State>; segments: string[]; literals: number };

const parameter = /^\{(\w+)\}$/;

function compile<State>(route: Route<State>): Compiled<State> {
  const segments = route.path.split('/');
  return { route, segments, literals: segments.filter((segment) => !parameter.test(segment)).length };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function paramsOf(segments: string[], parts: string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? '';
    const name = parameter.exec(segment)?.[1];
    if (name === undefined && segment !== part) return undefined;
    if (name !== undefined && part === '') return undefined;
    if (name !== undefined) params[name] = decoded(part);
  }
  return params;
}

/** Compiles a route table. The template with more literal segments wins, so '/x/batch' is before '/x/{id}'. */
export function createRouter<State>(routes: readonly Route<State>[]): Router<State> {
  const byShape = new Map<string, Compiled<State>[]>();
  const shape = (method: string, count: number): string => `${method} ${count}`;
  for (const compiled of routes.map(compile)) {
    const key = shape(compiled.route.method, compiled.segments.length);
    byShape.set(
      key,
      [...(byShape.get(key) ?? []), compiled].sort((a, b) => b.literals - a.literals),
    );
  }
  return (method, path) => {
    const parts = path.split('/');
    for (const { route, segments } of byShape.get(shape(method, parts.length)) ?? []) {
      const params = paramsOf(segments, parts);
      if (params !== undefined) return { route, params };
    }
    return undefined;
  };
}
