import { randomBytes } from "node:crypto";
import { Refused } from "./access.ts";
import type { LoopbackGitHub, Route } from "./server.ts";
import { shapes } from "./shapes.ts";
import type { App, World } from "./world.ts";

/** A manifest as GitHub takes it from a form. */
export interface Manifest {
  readonly name: string;
  readonly url: string;
  readonly hook_attributes: { readonly url: string; readonly active?: boolean };
  readonly redirect_url: string;
  readonly public?: boolean;
  readonly default_permissions: Readonly<Record<string, string>>;
  readonly default_events: readonly string[];
}

interface Registered {
  readonly app: App;
  readonly webhookSecret: string;
}

/** Apps that were registered and not yet taken, by their code. */
const waiting = new WeakMap<World, Map<string, Registered>>();

/**
 * What GitHub's page does when somebody sends a manifest's form to it and confirms: the App exists from then on, and the
 * browser is sent back with a code. Returns where to.
 */
export function confirmManifest(
  github: LoopbackGitHub,
  action: string,
  fields: URLSearchParams,
  name?: string,
): string {
  const { pathname, searchParams, origin } = new URL(action);
  const [, organization] = /^\/(?:organizations\/([^/]+)\/)?settings\/apps\/new$/.exec(pathname) ?? [];
  if (origin !== new URL(github.url).origin) throw new Error(`${action} is not at this GitHub`);
  const manifest = JSON.parse(fields.get("manifest") ?? "") as Manifest;
  const { world } = github;
  for (const needed of ["url", "redirect_url", "hook_attributes", "default_permissions", "default_events"] as const)
    if (manifest[needed] === undefined) throw new Error(`the manifest lacks ${needed}`);
  const slug = (name ?? manifest.name).toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  if (manifest.name.length > 34) throw new Error("the name is too long");
  const webhookSecret = randomBytes(20).toString("hex");
  const app = world.app(slug, {
    permissions: manifest.default_permissions,
    events: manifest.default_events,
    webhook: { url: manifest.hook_attributes.url, secret: webhookSecret },
    owner: organization ?? "somebody",
  });
  const code = randomBytes(20).toString("hex");
  const codes = waiting.get(world) ?? new Map<string, Registered>();
  waiting.set(world, codes.set(code, { app, webhookSecret }));
  const back = new URL(manifest.redirect_url);
  back.searchParams.set("code", code);
  back.searchParams.set("state", searchParams.get("state") ?? "");
  return back.href;
}

/** Takes a registered App with its secrets, once. */
export const manifestRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/app-manifests/{code}/conversions",
    handle(call) {
      const codes = waiting.get(call.world);
      const found = codes?.get(call.params.code ?? "");
      if (!found) throw new Refused(404, "Not Found");
      codes?.delete(call.params.code ?? "");
      const { app, webhookSecret } = found;
      const secrets = {
        client_id: `Iv23${app.id}`,
        client_secret: randomBytes(20).toString("hex"),
        webhook_secret: webhookSecret,
        pem: app.privateKey,
      };
      return { status: 201, body: { ...shapes(call.origin).app(app), ...secrets } };
    },
  },
];
