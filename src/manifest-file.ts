import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { AppManifest } from "./doctor/app-manifest.ts";

const Written = z.object({
  name: z.string(),
  description: z.string(),
  public: z.boolean(),
  default_permissions: z.record(z.string(), z.string()),
  default_events: z.array(z.string()),
});

/** `app.yml`: what the App is and asks for, with the reason that stands above each permission. */
export interface ManifestFile extends AppManifest {
  readonly name: string;
  readonly description: string;
  readonly public: boolean;
}

/** Reads `app.yml`, which lies beside the program. */
export function readManifest(): ManifestFile {
  const text = readFileSync(new URL("../app.yml", import.meta.url), "utf8");
  const { default_permissions: levels, default_events: events, ...rest } = Written.parse(parse(text));
  const reasons = reasonsIn(text);
  const permissions = Object.fromEntries(
    Object.entries(levels).map(([name, level]) => [name, { level, reason: reasons.get(name) ?? "" }]),
  );
  return { ...rest, permissions, events };
}

/** The sentences above each permission; what is indented below them lists requests and events. */
function reasonsIn(text: string): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  let sentences: string[] = [];
  for (const line of text.split("\n")) {
    const [, name] = /^ {2}([a-z_]+): /.exec(line) ?? [];
    const [, sentence] = /^ {2}# (\S.*)$/.exec(line) ?? [];
    if (sentence !== undefined) sentences.push(sentence);
    if (name !== undefined) reasons.set(name, sentences.join(" ").replace(/\.$/, ""));
    if (name !== undefined || line === "") sentences = [];
  }
  return reasons;
}
