import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A bare repository with one large change on `feature`, away from `main`. */
export interface ChangeRepository {
  readonly directory: string;
  /** The bytes of both sides of all changed files. */
  readonly bytes: number;
  remove(): void;
}

const SHAPE = { files: 100_000, perFolder: 50 };

/** Builds it by `git fast-import`: `changed` files of the tree change, `candidates` of them hold what detectors look for. */
export async function changeRepository(changed: number, candidates: number): Promise<ChangeRepository> {
  const directory = mkdtempSync(join(tmpdir(), "countersign-bench-"));
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", directory]);
  const child = spawn("git", ["-C", directory, "fast-import", "--quiet"], { stdio: ["pipe", "inherit", "inherit"] });
  const every = Math.floor(SHAPE.files / changed);
  let bytes = 0;
  const write = async (text: string) => {
    if (!child.stdin.write(text)) await once(child.stdin, "drain");
  };
  const commit = async (branch: string, from: string) =>
    write(`commit refs/heads/${branch}\ncommitter A <a@example.com> 1700000000 +0000\ndata 1\nx\n${from}`);
  const file = (index: number, text: string) =>
    `M 100644 inline ${pathOf(index)}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
  await commit("main", "");
  for (let index = 0; index < SHAPE.files; index += 1) {
    const isChanged = index % every === 0 && index / every < changed;
    const text = isChanged ? changedText(index, index / every < candidates, "before") : `// ${index % 1000}\n`;
    if (isChanged) bytes += Buffer.byteLength(text);
    await write(file(index, text));
  }
  await commit("feature", "from refs/heads/main\n");
  for (let position = 0; position < changed; position += 1) {
    const text = changedText(position * every, position < candidates, "after");
    bytes += Buffer.byteLength(text);
    await write(file(position * every, text));
  }
  child.stdin.end();
  await once(child, "close");
  execFileSync("git", ["-C", directory, "repack", "-adq"]);
  return { directory, bytes, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

const ENDINGS = ["ts", "py", "go", "yaml", "md", "java", "json"];

function pathOf(index: number): string {
  const folder = Math.floor(index / SHAPE.perFolder);
  return `area${folder % 40}/part${folder}/file${index}.${ENDINGS[index % ENDINGS.length]}`;
}

/** A file of a few kilobytes in the language of its ending; a candidate names a model that changes. */
function changedText(index: number, candidate: boolean, side: "before" | "after"): string {
  const ending = ENDINGS[index % ENDINGS.length] ?? "ts";
  const write = WRITERS[ending] ?? plainLine;
  const lines = Array.from({ length: 40 + (index % 120) }, (_, line) => write(index, line));
  if (side === "after") lines.splice(10, 2, write(index + 1, 500), write(index + 2, 501));
  const body = lines.join("\n");
  if (ending === "json")
    return `{\n${candidate ? `  "model": "gpt-4o${side === "after" ? "-mini" : ""}",\n` : ""}${body}\n  "end": 0\n}\n`;
  const model = `gpt-4o${side === "after" ? "-mini" : ""}`;
  const named: Readonly<Record<string, string>> = {
    yaml: `model: ${model}`,
    md: `---\nmodel: ${model}\n---`,
    go: `var model = "${model}"`,
  };
  return `${candidate ? `${named[ending] ?? `model = "${model}"`}\n` : ""}${body}\n`;
}

function plainLine(index: number, line: number): string {
  return `The chapter ${index} has a paragraph ${line} about shipping, weather and the height of mountains.`;
}

const WRITERS: Readonly<Record<string, (index: number, line: number) => string>> = {
  ts: (index, line) =>
    `export function step${line}(value: number): number { return value * ${index % 97} + ${line}; } // row ${line}`,
  py: (index, line) => `def step_${line}(value):\n    return value * ${index % 97} + ${line}  # row ${line}`,
  go: (index, line) => `func step${line}(value int) int { return value*${index % 97} + ${line} }`,
  java: (index, line) => `    int step${line}(int value) { return value * ${index % 97} + ${line}; }`,
  yaml: (index, line) => `row${line}:\n  width: ${index % 97}\n  title: "Row ${line} of the table"`,
  json: (index, line) => `  "row${line}": { "width": ${index % 97}, "title": "Row ${line} of the table" },`,
};
