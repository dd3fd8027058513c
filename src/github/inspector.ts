import { z } from "zod";
import { BASELINE_REPOSITORY } from "../work/configuration.ts";
import type { Api } from "./api.ts";
import { type ApiScope, type ConnectionSettings, clientWith, githubClient } from "./client.ts";
import type { InspectorApis } from "./inspection.ts";
import { givenToken, ownTokens } from "./tokens.ts";

/** Whom an inspection is made by: an administrator with a token of their own, or the App with its key. */
export interface Inspector extends ConnectionSettings {
  readonly token: string | null;
  readonly app: { readonly appId: number; readonly privateKey: string } | null;
  /** Also known where the key is not. */
  readonly appId: number | null;
  readonly owner: string;
  readonly name: string;
  readonly signal: AbortSignal;
}

const Installation = z.object({ id: z.int() });

/** All that an inspection reads; a permission that was not accepted is asked without. */
const PERMISSIONS = {
  actions: "read",
  checks: "read",
  contents: "read",
  members: "read",
  pull_requests: "read",
} as const;

/** Whether an App is installed on a repository, as it is told itself. */
export async function isInstalledOn(inspector: Inspector): Promise<boolean> {
  return (await ownInstallation(inspector)) !== null;
}

async function ownInstallation(inspector: Inspector): Promise<number | null> {
  const own = ownApi(inspector);
  return (await own?.find("/repos/{owner}/{repo}/installation", {}, Installation))?.id ?? null;
}

/** Ways to ask for an inspection; null where the App is to look itself and is not installed there. */
export async function inspectorApis(inspector: Inspector): Promise<InspectorApis | null> {
  const { token, app } = inspector;
  const scope = scopeOf(inspector);
  const own = ownApi(inspector);
  if (token !== null) {
    const client = clientWith(() => givenToken(token), inspector);
    return { api: client.api(scope), baseline: client.api({ ...scope, name: BASELINE_REPOSITORY }), own };
  }
  const installation = await ownInstallation(inspector);
  if (app === null || installation === null) return null;
  const client = githubClient({ ...inspector, ...app });
  const baseline = { name: BASELINE_REPOSITORY, repository: { name: BASELINE_REPOSITORY } };
  return {
    api: client.api({ ...scope, installation, permissions: PERMISSIONS }),
    baseline: client.api({ ...scope, ...baseline, installation, permissions: { contents: "read" } }),
    own,
  };
}

function scopeOf({ owner, name, signal }: Inspector): ApiScope {
  const charges = { requests: 0, points: 0, unchanged: 0, writes: 0 };
  return { installation: 0, repository: { name }, permissions: {}, owner, name, signal, charges };
}

function ownApi(inspector: Inspector): Api | null {
  const { app } = inspector;
  return app && clientWith(() => ownTokens(app), inspector).api(scopeOf(inspector));
}
