import { createHash } from "node:crypto";
import { byText, type ChangeSet, type Entry } from "./change-set.ts";
import type { FileFacts, SideFacts } from "./file-facts.ts";
import type { Bind } from "./policy.ts";

/** What a digest is computed over. */
export interface Governed {
  readonly changeSet: ChangeSet;
  readonly files: readonly FileFacts[];
  /** Paths (either side) of files with a governing finding. */
  readonly governedPaths: ReadonlySet<string>;
  /** Rules whose findings cover the whole file. */
  readonly wholeFileRules: ReadonlySet<string>;
  /** Whether a path lies in the paths of a touched system. */
  readonly inTouchedSystem: (path: string) => boolean;
}

type Row = readonly (string | null | readonly (readonly string[])[])[];

/** SHA-256 (hexadecimal) of what an approval covers, at each width (security rule S05), independent of the order of files. */
export function governedDigests(governed: Governed): Readonly<Record<Bind, string>> {
  return {
    facts: digest(governedFiles(governed).map((file) => (isWhole(file, governed) ? blobRow(file) : factRow(file)))),
    files: digest(boundFiles(governed)),
    "change-set": digest(governed.changeSet.changes.map((change) => entryRow(change.before, change.after))),
  };
}

function governedFiles(governed: Governed): readonly FileFacts[] {
  return governed.files.filter((file) =>
    [file.before, file.after].some((side) => side && governed.governedPaths.has(side.entry.path)),
  );
}

function boundFiles(governed: Governed): Row[] {
  return governed.changeSet.changes
    .filter(({ before, after }) =>
      [before, after].some(
        (entry) => entry && (governed.governedPaths.has(entry.path) || governed.inTouchedSystem(entry.path)),
      ),
    )
    .map((change) => entryRow(change.before, change.after));
}

/** A whole-file kind, a link, a submodule, or a file that did not parse or has no fact: the blob is what was approved. */
function isWhole(file: FileFacts, governed: Governed): boolean {
  const sides = [file.before, file.after].filter((side) => side !== undefined);
  if (sides.some((side) => side.entry.mode.startsWith("12") || side.entry.mode.startsWith("16"))) return true;
  if (sides.some((side) => side.unparsed === true)) return true;
  const facts = sides.flatMap((side) => side.facts);
  return facts.length === 0 || facts.some((fact) => governed.wholeFileRules.has(fact.rule));
}

function blobRow(file: FileFacts): Row {
  return entryRow(file.before?.entry, file.after?.entry);
}

function entryRow(before: Entry | undefined, after: Entry | undefined): Row {
  const side = (entry: Entry | undefined) => [entry?.path ?? null, entry?.mode ?? null, entry?.id ?? null];
  return ["blob", ...side(before), ...side(after)];
}

function factRow(file: FileFacts): Row {
  const side = (facts: SideFacts | undefined) => [
    facts?.entry.path ?? null,
    facts?.entry.mode ?? null,
    (facts?.facts ?? [])
      .map((fact) => [fact.rule, fact.key, fact.value])
      .sort((a, b) => byText(JSON.stringify(a), JSON.stringify(b))),
  ];
  return ["facts", ...side(file.before), ...side(file.after)];
}

function digest(rows: readonly Row[]): string {
  const hash = createHash("sha256");
  for (const line of rows.map((row) => JSON.stringify(row)).sort(byText)) hash.update(`${line}\n`);
  return hash.digest("hex");
}
