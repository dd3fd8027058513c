import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KEPT_IN, type KeptRequest, keptRequests } from "./kept-requests.ts";
import { type Manifest, manifest } from "./manifest.ts";

const LEVELS = ["read", "write"];

/** Everything in which `app.yml` is not what these requests need; `complete` where they are all that there are. */
export function permissionMismatches(
  requests: readonly KeptRequest[],
  { permissions }: Pick<Manifest, "permissions">,
  complete: boolean,
): string[] {
  const problems: string[] = [];
  const highest = new Map<string, string>();
  for (const { operation, needs } of requests) {
    for (const [name, level] of Object.entries(needs)) {
      const held = permissions[name];
      if (held?.beyond.includes(operation)) continue;
      if (LEVELS.indexOf(held?.level ?? "") < LEVELS.indexOf(level))
        problems.push(`${operation} needs ${name}: ${level}`);
      if (held && !held.operations.includes(operation)) problems.push(`${operation} is missing under ${name}`);
      if (LEVELS.indexOf(level) > LEVELS.indexOf(highest.get(name) ?? "")) highest.set(name, level);
    }
  }
  if (!complete) return [...new Set(problems)];
  for (const [name, { level, operations, beyond, events }] of Object.entries(permissions)) {
    const used = new Set(requests.filter(({ needs }) => needs[name] !== undefined).map(({ operation }) => operation));
    for (const operation of [...operations, ...beyond])
      if (!used.has(operation)) problems.push(`${operation} under ${name} is not used`);
    const needed = highest.get(name) ?? (events.length > 0 ? "read" : "none");
    if (needed !== level) problems.push(`${name} is ${level}, ${needed} is needed`);
  }
  return [...new Set(problems)];
}

/** Collects what every test file asked of its loopback GitHub, and compares it with `app.yml` when all have ended. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "countersign-requests-"));
  process.env[KEPT_IN] = folder;
  return () => {
    const requests = keptRequests(folder);
    rmSync(folder, { recursive: true, force: true });
    // `npm test` runs every file; a run of some files shows some requests.
    const problems = permissionMismatches(requests, manifest(), process.env.npm_lifecycle_event === "test");
    if (problems.length > 0)
      throw new Error(`app.yml is not what the recorded requests need:\n  ${problems.join("\n  ")}`);
  };
}
