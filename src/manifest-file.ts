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
  const said = saidIn(text);
  const permissions = Object.fromEntries(
    Object.entries(levels).map(([name, level]) => [name, { level, ...(said.get(name) ?? { reason: "" }) }]),
  );
  return { ...rest, permissions, events };
}

interface Said {
  readonly reason: string;
  readonly events: readonly string[];
  readonly enough?: string;
}

/** The sentences above each permission; what is indented below them lists requests and events, and what is enough. */
function saidIn(text: string): ReadonlyMap<string, Said> {
  const said = new Map<string, Said>();
  let sentences: string[] = [];
  let events: string[] = [];
  let enough: string | undefined;
  for (const line of text.split("\n")) {
    const [, name] = /^ {2}([a-z_]+): /.exec(line) ?? [];
    const [, sentence] = /^ {2}# (\S.*)$/.exec(line) ?? [];
    const [, event] = /^ {2}# {3}event (\w+)$/.exec(line) ?? [];
    if (event !== undefined) events.push(event);
    enough = /^ {2}# {3}enough (\w+)$/.exec(line)?.[1] ?? enough;
    if (sentence !== undefined) sentences.push(sentence);
    const reason = sentences.join(" ").replace(/\.$/, "");
    if (name !== undefined) said.set(name, { reason, events, ...(enough === undefined ? {} : { enough }) });
    if (name === undefined && line !== "") continue;
    sentences = [];
    events = [];
    enough = undefined;
  }
  return said;
}
