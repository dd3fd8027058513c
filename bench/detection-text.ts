import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";

const PACKAGES = fileURLToPath(new URL("../node_modules", import.meta.url));
const EXAMPLES = fileURLToPath(new URL("../fixtures/detectors", import.meta.url));
const TEXT = /\.(?:[cm]?[jt]s|json|md|css|ya?ml|txt|html)$/;
const MEGABYTE = 1_000_000;
/** Lines of other people's code to a line of an example, of which not each holds a candidate. */
const LINES_BETWEEN = 5;

/** A file of a change, by the name a project of its own would give it. */
export interface TextFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** Text files of the installed packages, in the order of their names. */
export function realText(limit: number): readonly TextFile[] {
  const files: TextFile[] = [];
  let total = 0;
  for (const path of (readdirSync(PACKAGES, { recursive: true }) as string[]).sort()) {
    if (!TEXT.test(path) || total > limit) continue;
    const full = join(PACKAGES, path);
    const status = statSync(full);
    if (!status.isFile() || status.size > 2 * MEGABYTE || status.size === 0) continue;
    // What lies under node_modules is nobody's change.
    files.push({ path: path.replaceAll("node_modules/", "lib/"), bytes: readFileSync(full) });
    total += status.size;
  }
  return files;
}

/** The files of the rules' own examples: hardly a line without something to look at. */
export function examples(name: RegExp): readonly TextFile[] {
  return (readdirSync(EXAMPLES, { recursive: true }) as string[])
    .filter((path) => name.test(path) && /\/hit\.[^/]+\/after\//.test(path))
    .sort()
    .map((path) => ({ path: path.replace(/^.*\/after\//, ""), bytes: readFileSync(join(EXAMPLES, path)) }))
    .filter(({ bytes }) => bytes.length > 0);
}

/** Files of the installed packages' code with the rules' examples set between their functions. */
export function mixedCode(real: readonly TextFile[], limit: number): readonly TextFile[] {
  const inserts = examples(/\.[cm]?[jt]s$/);
  let next = 0;
  const mixed = real
    .filter(({ path, bytes }) => /\.[cm]?[jt]s$/.test(path) && bytes.length > 4_000 && bytes.length < 40_000)
    .map(({ path, bytes }): TextFile => {
      const lines: string[] = [];
      let since = 0;
      for (const line of bytes.toString("utf8").split("\n")) {
        lines.push(line);
        since += 1;
        const insert = inserts[next % inserts.length]?.bytes.toString("utf8").trimEnd().split("\n") ?? [];
        if (!/^\}[;)]*$/.test(line) || since < insert.length * LINES_BETWEEN) continue;
        lines.push(...insert);
        next += 1;
        since = 0;
      }
      return { path: `src/${basename(path)}`, bytes: Buffer.from(lines.join("\n")) };
    });
  return upTo(mixed, limit);
}

/** The rules' YAML examples, each with data of the installed packages as further documents of its file. */
export function mixedYaml(real: readonly TextFile[], limit: number): readonly TextFile[] {
  const data = real
    .filter(({ path, bytes }) => path.endsWith(".json") && bytes.length > 500 && bytes.length < 20_000)
    .map(({ bytes }) => asYaml(bytes.toString("utf8")))
    .filter((text) => text !== "");
  let next = 0;
  const mixed = examples(/\.ya?ml$/).map(({ path, bytes }): TextFile => {
    const parts = [bytes.toString("utf8").trimEnd()];
    const wanted = bytes.length * LINES_BETWEEN * 2;
    for (let length = 0; length < wanted; next += 1) {
      const part = data[next % data.length] ?? "";
      parts.push(part.trimEnd());
      length += part.length;
    }
    return { path, bytes: Buffer.from(`${parts.join("\n---\n")}\n`) };
  });
  return upTo(mixed, limit);
}

function asYaml(json: string): string {
  try {
    return stringify(JSON.parse(json));
  } catch {
    return ""; // JSON with comments.
  }
}

/** Files until there are `bytes` of them, the list repeated where it is shorter. */
export function upTo(files: readonly TextFile[], bytes: number): readonly TextFile[] {
  if (files.length === 0) throw new Error("no file of the installed packages fits");
  const taken: TextFile[] = [];
  let total = 0;
  for (let round = 0; total < bytes; round += 1) {
    for (const file of files) {
      if (total >= bytes) break;
      taken.push(round === 0 ? file : { ...file, path: `again${round}/${file.path}` });
      total += file.bytes.length;
    }
  }
  return taken;
}

/** How many bytes files have together. */
export function size(files: readonly TextFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
