import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const page = readFileSync(new URL("../../docs/evidence.md", import.meta.url), "utf8");

/** The shell steps that docs/evidence.md gives under a heading, in their order. */
export function documentedSteps(heading: string): string[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, steps = ""]) => steps);
}

/** What a shell writes for these steps in this folder. Throws when one of them fails. */
export function shell(folder: string, ...steps: readonly string[]): string {
  return execFileSync("/bin/sh", ["-e"], { cwd: folder, input: steps.join("\n"), encoding: "utf8" });
}
