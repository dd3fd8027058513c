import { ROUTES } from "./routes.ts";
import type { Route } from "./server.ts";
import type { World } from "./world.ts";

const MANY = new Set(["path", "ref", "basehead"]);

const compiled = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(
    `^${route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>${MANY.has(name) ? ".+" : "[^/]+"})`)}$`,
  ),
}));

/** A route with the parameters of a path. */
export interface Routed {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** The route of a request; the first that fits, so that those with names come before those with parameters. */
export function routeOf(method: string, path: string): Routed | null {
  for (const { route, pattern } of compiled) {
    const match = route.method === method ? pattern.exec(path) : null;
    if (match)
      return {
        route,
        params: Object.fromEntries(
          Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
        ),
      };
  }
  return null;
}

/** `/repositories/{id}/...`, as GitHub writes it into redirects, under the repository's name. */
export function namedPath(world: World, path: string): string {
  const [, id, rest = ""] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const repository = world.repositories.find((one) => String(one.id) === id && !one.deleted);
  return repository ? `/repos/${repository.owner.login}/${repository.name}${rest}` : path;
}
