import { writeFile } from "node:fs/promises";
import { governedEntries } from "../doctor/governed-names.ts";
import type { Inspection } from "../doctor/inspection.ts";
import { ruleset } from "../doctor/ruleset.ts";
import { plain } from "../reports/plain.ts";
import type { CommandIo } from "./command-io.ts";
import { Usage } from "./usage.ts";

/** Writes one ruleset for each entry of the governed branches: GitHub imports one a file. Nothing is overwritten. */
export async function writeRulesets(
  file: string,
  { app, configuration, place }: Pick<Inspection, "app" | "configuration" | "place">,
  strict: boolean,
  io: CommandIo,
): Promise<void> {
  const appId = app.id;
  if (appId === null)
    throw new Usage("a ruleset needs the App that it takes the check from; give --app-id NUMBER, or set APP_ID");
  const entries = governedEntries(configuration.policy, place.defaultBranch);
  for (const [index, entry] of entries.entries()) {
    const path = index === 0 ? file : numbered(file, index + 1);
    await writeNew(path, `${JSON.stringify(ruleset({ ...entry, appId, strict }), null, 2)}\n`);
    io.stderr(
      `${plain(path)}: requires \`${plain(entry.checkName)}\` on ${plain(entry.pattern ?? "the default branch")}\n`,
    );
  }
  io.stderr(`Import with: gh api repos/${place.owner}/${place.name}/rulesets --input FILE\n`);
  io.stderr(`or at ${place.server}/${place.owner}/${place.name}/settings/rules (New ruleset, Import a ruleset)\n`);
}

/** `ruleset.json`, `ruleset-2.json`. */
function numbered(file: string, number: number): string {
  const [, stem = file, extension = ""] = /^(.*?)(\.[A-Za-z0-9]{1,10})?$/s.exec(file) ?? [];
  return `${stem}-${number}${extension}`;
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (fault) {
    const code = (fault as NodeJS.ErrnoException).code;
    if (code === "EEXIST")
      throw new Usage(`${path} exists already and is left as it is; give another name, or move it`);
    throw new Usage(`${path} cannot be written (${code ?? String(fault)}); check the folder`);
  }
}
