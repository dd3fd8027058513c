import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** One permission of `app.yml`, with what its comment says needs it. */
export interface ManifestPermission {
  readonly level: string;
  readonly operations: readonly string[];
  /** What is done only where more than this level was granted, which nobody has to. */
  readonly beyond: readonly string[];
  readonly events: readonly string[];
}

/** `app.yml` as a program reads it, comments included. */
export interface Manifest {
  readonly permissions: Readonly<Record<string, ManifestPermission>>;
  readonly events: readonly string[];
  readonly text: string;
}

/** Reads `app.yml`: above each permission stand its reason and, indented, the operations and events that need it. */
export function manifest(): Manifest {
  const text = readFileSync(new URL("../../app.yml", import.meta.url), "utf8");
  const parsed = parse(text) as {
    readonly default_permissions: Readonly<Record<string, string>>;
    readonly default_events: readonly string[];
  };
  const permissions: Record<string, ManifestPermission> = {};
  let comment: string[] = [];
  for (const line of text.slice(text.indexOf("default_permissions:"), text.indexOf("default_events:")).split("\n")) {
    const [, name] = /^ {2}([a-z_]+): /.exec(line) ?? [];
    if (name !== undefined) {
      const listed = comment.map((one) => /^ {2}# {3}(\S.*)$/.exec(one)?.[1] ?? "").filter((one) => one !== "");
      permissions[name] = {
        level: parsed.default_permissions[name] ?? "",
        operations: listed.filter((one) => !/^(?:event|enough|with) /.test(one)),
        beyond: listed.flatMap((one) => /^with write (.+)$/.exec(one)?.[1] ?? []),
        events: listed.filter((one) => one.startsWith("event ")).map((one) => one.slice("event ".length)),
      };
      comment = [];
    } else comment.push(line);
  }
  return { permissions, events: parsed.default_events, text };
}
