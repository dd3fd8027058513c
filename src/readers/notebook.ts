import type { Comment, Literal } from "../core/detector.ts";
import { readJson } from "./json.ts";
import { readLines } from "./line-reader.ts";
import type { Reader, Reading } from "./reader.ts";

/** A code cell: its text by lines, each with its line in the notebook's file. */
interface Cell {
  readonly code: boolean;
  readonly lines: { readonly text: string; readonly line: number }[];
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  python: "py",
  javascript: "js",
  typescript: "ts",
  node: "js",
  deno: "ts",
  go: "go",
  rust: "rs",
  java: "java",
  kotlin: "kt",
  csharp: "cs",
  "c#": "cs",
  ruby: "rb",
  php: "php",
  bash: "sh",
  sh: "sh",
  shell: "sh",
  script: "sh",
  js: "js",
  python3: "py",
};
/** Cell magics whose cell stays in the kernel's language. */
const WRAPPERS = new Set("time timeit capture prun debug profile memit".split(" "));

/** Jupyter notebooks: code cells as code of the kernel's or the cell's language, at their lines of the file; outputs say nothing. */
export function notebookReader(readerOf: (path: string) => Reader | null): Reader {
  return {
    name: "notebook",
    anyLength: true,
    reads: (path) => /\.ipynb$/i.test(path),
    read: (text) => readNotebook(text, readerOf) ?? readLines(text),
  };
}

function readNotebook(text: string, readerOf: (path: string) => Reader | null): Reading | null {
  const document = readJson(text);
  if (document === null) return null;
  const extension = EXTENSIONS[languageOf(document.literals)] ?? "py";
  const literals: Literal[] = [];
  const comments: Comment[] = [];
  let parsed = true;
  for (const cell of cellsOf(document.literals)) {
    if (!cell.code) continue;
    const path = cellPath(cell, extension);
    const reader = path === null ? null : readerOf(path);
    if (reader === null) continue;
    literals.push(...takeMagics(cell, path === `cell.${extension}`));
    const reading = reader.read(cell.lines.map((line) => line.text).join("\n"), path as string);
    const place = (line: number) => cell.lines[Math.min(line, cell.lines.length) - 1]?.line ?? 1;
    for (const literal of reading.literals) literals.push({ ...literal, line: place(literal.line) });
    for (const comment of reading.comments) comments.push({ ...comment, line: place(comment.line) });
    parsed = parsed && reading.parsed;
  }
  return { literals: literals.sort((a, b) => a.line - b.line), comments, parsed };
}

function languageOf(literals: readonly Literal[]): string {
  const at = (...names: string[]) =>
    literals.find(({ path }) => path.length === 3 && path.every((part, index) => part === names[index]))?.value;
  const language = at("metadata", "kernelspec", "language") ?? at("metadata", "language_info", "name") ?? "python";
  return language.toLowerCase();
}

/** The cells in file order; those of the third format's worksheets hold `input` where newer ones hold `source`. */
function cellsOf(literals: readonly Literal[]): readonly Cell[] {
  const cells = new Map<string, { code: boolean; lines: Cell["lines"] }>();
  for (const { path, value, line } of literals) {
    const at = path[0] === "worksheets" ? 2 : 0;
    if (path[at] !== "cells" || path.length < at + 3) continue;
    const name = path.slice(0, at + 2).join("/");
    const cell = cells.get(name) ?? { code: false, lines: [] };
    cells.set(name, cell);
    const field = path[at + 2];
    if (field === "cell_type") cell.code = value === "code";
    else if (field === "source" || field === "input") addSource(cell, value, line);
  }
  return [...cells.values()];
}

/** Adds the lines of one string of a source; each string but the last ends with its line end. */
function addSource(cell: Cell, value: string, line: number): void {
  const ends = value.endsWith("\n");
  const parts = (ends ? value.slice(0, -1) : value).split(/\r?\n/);
  for (const text of parts) cell.lines.push({ text, line });
}

/** The path whose reader the cell is for: `%%bash` and `%%writefile x.yaml` say, else the kernel's; null for none. */
function cellPath(cell: Cell, extension: string): string | null {
  const first = cell.lines[0]?.text.trim() ?? "";
  if (!first.startsWith("%%")) return `cell.${extension}`;
  const [magic = "", ...words] = first.slice(2, 500).split(/[ \t]+/);
  if (WRAPPERS.has(magic)) return `cell.${extension}`;
  const file = magic === "writefile" || magic === "file" ? words.findLast((word) => !word.startsWith("-")) : undefined;
  if (file !== undefined) return file;
  const language = EXTENSIONS[magic];
  return language === undefined ? null : `cell.${language}`;
}

/** Blanks what is a command of the notebook, not code: `%env NAME=value` gives the value to its name. */
function takeMagics(cell: Cell, kernel: boolean): readonly Literal[] {
  const taken: Literal[] = [];
  cell.lines.forEach(({ text, line }, index) => {
    const start = text.trimStart();
    const magic = kernel ? /^[%!]/.test(start) : index === 0 && start.startsWith("%%");
    if (!magic) return;
    const variable = /^%(?:set_)?env[ \t]{1,50}(\w{1,200})(?:[ \t]{0,50}=|[ \t])[ \t]{0,50}(.*)$/.exec(start);
    if (variable) {
      const value = (variable[2] as string).trim().replace(/^(["'])(.*)\1$/, "$2");
      taken.push({ path: [variable[1] as string], value, kind: "string", line });
    } else if (!start.startsWith("%%"))
      taken.push({ path: [start[0] as string], value: start.slice(1).trim(), kind: "string", line });
    cell.lines[index] = { text: "", line };
  });
  return taken;
}
