import { hash } from "node:crypto";
import { canonicalBytes } from "../evidence/canonical.ts";
import { verifyExcerpt } from "../evidence/excerpt.ts";
import type { KnownKeys } from "../evidence/key-history.ts";
import { type Verification, verifyLedger, type Witness } from "../evidence/verification.ts";
import { plain } from "../reports/plain.ts";
import type { VerificationJson } from "../reports/verification.ts";
import { InvalidFile } from "../work/invalid-file.ts";
import { type ExportHead, isExportHead, readExportHead, tally } from "./ledger-export.ts";
import { Usage } from "./usage.ts";

/** What a verifier brings along: keys, and what left the ledger before. */
export interface Known {
  readonly keys: KnownKeys;
  readonly witnesses: readonly Witness[];
}

/** Verifies an export, of a whole ledger or of some repositories. */
export async function verifyExport(
  given: AsyncIterable<unknown>,
  name: string,
  { keys, witnesses }: Known,
): Promise<VerificationJson> {
  const iterator = given[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true || !isExportHead(first.value))
    throw new InvalidFile(`${plain(name)}: neither an export of countersign export nor a database`);
  const lines = { [Symbol.asyncIterator]: () => iterator };
  const read = readExportHead(first.value, keys);
  if ("problem" in read) {
    // What cannot be believed of the head takes nothing from what the records say themselves.
    const json = verificationJson(name, "export", await verifyLedger(lines, { keys, witnesses }));
    return withProblem(json, "edited", `The export cannot be believed to be whole: ${read.problem}.`);
  }
  if (read.head.repositories !== null) return verifyPart(lines, name, read.head, { keys, witnesses });
  const { size, root } = read.head.checkpoint;
  const own = { size, root, source: "The checkpoint that the export was made with" };
  const verification = await verifyLedger(lines, { keys, witnesses: [...witnesses, own] });
  // Its own checkpoint never left: it shows nothing against who holds the key.
  const outside = Math.max(0, ...witnesses.map((witness) => witness.size));
  const json = verificationJson(name, "export", {
    ...verification,
    witnessed: Math.min(verification.witnessed, outside),
  });
  if (verification.tip.size <= size) return json;
  const sentence = `The export was made with ${size} records and holds ${verification.tip.size}: some were inserted.`;
  return withProblem(json, "inserted", sentence);
}

async function verifyPart(
  lines: AsyncIterable<unknown>,
  name: string,
  { checkpoint: { size, root, at }, repositories, ...made }: ExportHead,
  { keys, witnesses }: Known,
): Promise<VerificationJson> {
  if (witnesses.some((witness) => witness.size !== size))
    throw new Usage(
      `an export of some repositories can be held against a checkpoint of its own size alone, which is ${size}; hold the whole ledger against others`,
    );
  const sum = tally();
  const summed = async function* () {
    for await (const line of lines) {
      sum.add({ digest: digestIn(line) });
      yield line;
    }
  };
  let period = null as VerificationJson["period"];
  const strangers = new Set<number>();
  const checkpoint = { size, root, source: `The checkpoint of ${at}` };
  const { count, problems, problemCount } = await verifyExcerpt(summed(), { keys, checkpoint }, (seen) => {
    const { createdAt, sequence } = seen.record;
    period = { first: period?.first ?? createdAt, last: createdAt };
    if (repositories?.includes(seen.repository.id) !== true) strangers.add(sequence);
  });
  const json: VerificationJson = {
    ...{ schemaVersion: 1, source: name, kind: "excerpt", ok: problemCount === 0, records: count, period, tip: null },
    ...{ repositories: [...(repositories ?? [])], witnessed: witnesses.length > 0 ? count : 0 },
    ...{ problems: [...problems], problemCount },
  };
  const sentences: (readonly [string, string])[] = [
    ...[...strangers]
      .slice(0, 10)
      .map((sequence) => ["inserted", `Record ${sequence} is of a repository that the export does not name.`] as const),
    ...witnesses
      .filter((witness) => witness.root !== root)
      .map(({ source }) => ["rewritten", `${source} covers other records: the history was rewritten.`] as const),
    ...otherThan(made, sum.sum(), problemCount > 0),
  ];
  return sentences.reduceRight((all, [code, sentence]) => withProblem(all, code, sentence), json);
}

type Sum = ReturnType<ReturnType<typeof tally>["sum"]>;

/** What an export holds beside what its maker signed that it does. */
function otherThan(made: Sum, real: Sum, explained: boolean): (readonly [string, string])[] {
  const held = `The export was made with ${made.count} records and holds ${real.count}`;
  if (real.count < made.count) return [["deleted", `${held}: some were deleted.`]];
  if (real.count > made.count) return [["inserted", `${held}: some were inserted.`]];
  return real.digest === made.digest || explained
    ? []
    : [["rewritten", "The export holds other records than it was made with."]];
}

/** The digest of what stands where an envelope should; of nothing where that has no JSON form. */
function digestIn(line: unknown): string {
  const envelope = typeof line === "object" && line !== null && "envelope" in line ? line.envelope : null;
  try {
    return hash("sha256", canonicalBytes(envelope), "hex");
  } catch {
    return "";
  }
}

/** What was verified as it is published. */
export function verificationJson(
  source: string,
  kind: "database" | "PostgreSQL" | "branch" | "export",
  { tip, problems, problemCount, witnessed, period }: Verification,
): VerificationJson {
  return {
    ...{ schemaVersion: 1, source, kind, ok: problemCount === 0, records: tip.size, period, tip, repositories: null },
    ...{ witnessed, problems: [...problems], problemCount },
  };
}

function withProblem(json: VerificationJson, code: string, sentence: string): VerificationJson {
  const problems = [{ code, sequence: 0, sentence }, ...json.problems];
  return { ...json, ok: false, problems, problemCount: json.problemCount + 1 };
}
