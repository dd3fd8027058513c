import type { FileSide } from "../../core/detector.ts";
import { templateLiterals } from "../helm-template.ts";

/** A value of a Kubernetes object. */
export interface ManifestField {
  readonly path: readonly string[];
  readonly value: string;
  readonly line: number;
}

/** One Kubernetes object of a file. */
export interface Manifest {
  readonly kind: string;
  readonly name: string;
  readonly line: number;
  readonly fields: readonly ManifestField[];
  /** The value at a path written with slashes. */
  at(path: string): string | undefined;
}

/** Whether a path can hold Kubernetes objects: YAML or JSON outside of workflows, compose files and lock files. */
export function isManifestFile(path: string): boolean {
  if (!/\.(?:ya?ml|json|ya?ml\.tpl|ya?ml\.j2)$/i.test(path)) return false;
  return !/^\.github\/|(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$|(?:^|\/)(?:package(?:-lock)?|tsconfig[^/]*|composer)\.json$|(?:^|\/)pnpm-lock\.yaml$/i.test(
    path,
  );
}

/** The objects of a file, one or more documents, `kind: List` opened. */
export function manifestsOf(file: FileSide): readonly Manifest[] {
  if (file.binary || !file.text.includes("kind")) return [];
  const starts = documentStarts(file.text);
  const documents = new Map<string, { readonly line: number; readonly fields: ManifestField[] }>();
  for (const { path, value, line } of templateLiterals(file)) {
    const document = documentAt(starts, line);
    const listed = path[0] === "items" && /^\d+$/.test(path[1] ?? "");
    const name = listed ? `${document}/${path[1]}` : `${document}`;
    const known = documents.get(name) ?? { line, fields: [] };
    documents.set(name, known);
    known.fields.push({ path: listed ? path.slice(2) : path, value, line });
  }
  return [...documents.values()].flatMap(({ line, fields }) => manifest(fields, line, file.parsed));
}

function manifest(fields: readonly ManifestField[], line: number, parsed: boolean): readonly Manifest[] {
  const values = new Map(fields.map(({ path, value }) => [path.join("/"), value]));
  const kind = values.get("kind") ?? "";
  if (!/^[A-Z][A-Za-z]+$/.test(kind) || (parsed && !values.has("apiVersion"))) return [];
  const name = values.get("metadata/name") ?? values.get("metadata/generateName") ?? "";
  return [{ kind, name, line, fields, at: (path) => values.get(path) }];
}

function documentStarts(text: string): readonly number[] {
  const starts = [1];
  for (const [index, line] of text.split("\n").entries()) if (/^---(?:\s|$)/.test(line)) starts.push(index + 1);
  return starts;
}

/** The number of the document that a line belongs to. */
function documentAt(starts: readonly number[], line: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  return low;
}
