import type { FileSide } from "../../core/detector.ts";

const BINDING =
  /^\$\{\{\s{0,9}(?:secrets\.([A-Za-z_][A-Za-z0-9_-]{0,99})|secrets\[\s{0,9}['"]([A-Za-z_][A-Za-z0-9_-]{0,99})['"]\s{0,9}\]|github\.token)\s{0,9}\}\}$/i;

/** A secret of a workflow and the environment name that programs find it under. */
export interface SecretBinding {
  readonly secret: string;
  readonly name: string;
  readonly line: number;
}

/** What workflows name their secrets for the programs they run: `env: GH_TOKEN: ${{ secrets.BOT_TOKEN }}`; each pair once. */
export function secretBindings(file: FileSide): readonly SecretBinding[] {
  if (!/\.ya?ml$/i.test(file.path)) return [];
  const bindings = new Map<string, SecretBinding>();
  for (const { path, value, line } of file.literals) {
    if (path.at(-2) !== "env" || !value.startsWith("${{")) continue;
    const match = BINDING.exec(value);
    if (!match) continue;
    const secret = match[1] ?? match[2] ?? "GITHUB_TOKEN";
    const name = path.at(-1) ?? "";
    const pair = JSON.stringify([secret, name]);
    if (!bindings.has(pair)) bindings.set(pair, { secret, name, line });
  }
  return [...bindings.values()];
}

const WORKFLOW = /(?:^|\/)\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/i;
const USED = /\bsecrets\.([A-Za-z_][A-Za-z0-9_-]{0,99})|\bgithub\.token\b/;

/** A secret that a workflow hands to one more place than the first. */
export interface FurtherUse {
  readonly secret: string;
  readonly line: number;
}

/** The values of a workflow that hand on a secret which a value above them handed on already, and the secrets that it asks its caller for. */
export function furtherUses(file: FileSide): readonly FurtherUse[] {
  if (!WORKFLOW.test(file.path)) return [];
  const seen = new Set<string>();
  return file.literals.flatMap(({ path, value, line }): readonly FurtherUse[] => {
    const asked = path[1] === "workflow_call" && path[2] === "secrets" ? `${path[3] ?? ""} of the caller` : "";
    if (asked !== "" && !seen.has(asked)) {
      seen.add(asked);
      return [{ secret: asked, line }];
    }
    if (path[0] !== "jobs" || !value.includes("${{")) return [];
    const used = USED.exec(value);
    if (!used) return [];
    const secret = used[1] ?? "GITHUB_TOKEN";
    if (seen.has(secret)) return [{ secret, line }];
    seen.add(secret);
    return [];
  });
}
