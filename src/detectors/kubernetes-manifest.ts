import type { FileSide } from "../core/detector.ts";

/** One Kubernetes object of a file. */
export interface Manifest {
  readonly kind: string;
  readonly name: string;
  readonly line: number;
  readonly fields: readonly { readonly path: readonly string[]; readonly value: string; readonly line: number }[];
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
  const documents = new Map<string, { readonly line: number; readonly fields: Manifest["fields"][number][] }>();
  for (const { path, value, line } of file.literals) {
    const [document, below] = partOf(path, line, starts);
    const known = documents.get(document) ?? { line, fields: [] };
    documents.set(document, known);
    known.fields.push({ path: below, value, line });
  }
  return [...documents.values()].flatMap(({ line, fields }): readonly Manifest[] => {
    const at = (path: string) => fields.find((field) => field.path.join("/") === path)?.value;
    const kind = at("kind");
    if (kind === undefined || !/^[A-Z][A-Za-z]+$/.test(kind) || (at("apiVersion") === undefined && file.parsed))
      return [];
    return [{ kind, name: at("metadata/name") ?? at("metadata/generateName") ?? "", line, fields }];
  });
}

/** Which object a literal belongs to, and its path there. */
function partOf(
  path: readonly string[],
  line: number,
  starts: readonly number[],
): readonly [string, readonly string[]] {
  const [first = "", second = ""] = path;
  const document = starts.findLastIndex((start) => start <= line);
  if (first === "items" && /^\d+$/.test(second)) return [`${document}/${second}`, path.slice(2)];
  // Readers may number the documents of a stream; a manifest's own top level holds no numbers.
  return [`${document}`, /^\d+$/.test(first) ? path.slice(1) : path];
}

function documentStarts(text: string): readonly number[] {
  const starts = [1];
  for (const [index, line] of text.split("\n").entries()) if (/^---(?:\s|$)/.test(line)) starts.push(index + 1);
  return starts;
}
