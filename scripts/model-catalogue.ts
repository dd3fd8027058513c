/**
 * Writes src/detectors/model/model-catalogue-data.ts: ids of models from `@earendil-works/pi-ai` (MIT, generated from the
 * providers' own lists and models.dev) and the retirement dates of scripts/model-retirements.json, which names the
 * providers' pages to check them against, and says how far they were.
 *
 *   npm pack @earendil-works/pi-ai@1.5.2 && tar xzf earendil-works-pi-ai-*.tgz
 *   node scripts/model-catalogue.ts package
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { grammarIdIn } from "../src/detectors/model/model-id.ts";

const OUTPUT = "src/detectors/model/model-catalogue-data.ts";
/** Providers whose own ids are kept; of everyone else only what the grammar does not read. */
const FIRST_PARTY = new Set(
  "openai anthropic google mistral deepseek xai moonshotai zai minimax meta xiaomi".split(" "),
);

const PackageFile = z.object({ name: z.string(), version: z.string(), license: z.string() });
const Models = z.record(z.string(), z.record(z.string(), z.looseObject({ id: z.string(), provider: z.string() })));
const Retirements = z.object({
  compiled: z.iso.date(),
  provenance: z.string(),
  sources: z.record(z.string(), z.url()),
  retirements: z.record(z.string(), z.record(z.iso.date(), z.array(z.string()))),
});

interface Row {
  readonly id: string;
  readonly provider: string;
  readonly family: string;
  readonly snapshot: string;
  readonly retires: string;
}

function main(folder: string | undefined): void {
  if (folder === undefined) {
    process.stderr.write("usage: node scripts/model-catalogue.ts FOLDER   (the unpacked package)\n");
    process.exitCode = 2;
    return;
  }
  const source = PackageFile.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  const retirements = Retirements.parse(JSON.parse(readFileSync("scripts/model-retirements.json", "utf8")));
  const rows = withRetirements(catalogued(join(folder, "dist/providers/data")), retirements.retirements);
  writeFileSync(OUTPUT, moduleText(rows, source, retirements));
  process.stdout.write(`${OUTPUT}: ${rows.size} models of ${source.name} ${source.version}\n`);
}

function catalogued(folder: string): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith(".json") || file.startsWith(".")) continue;
    for (const models of Object.values(Models.parse(JSON.parse(readFileSync(join(folder, file), "utf8")))))
      for (const { id, provider } of Object.values(models)) {
        const row = rowOf(id.toLowerCase(), provider);
        if (row && !rows.has(row.id)) rows.set(row.id, row);
      }
  }
  return rows;
}

/** A router's id counts with its route, so that a bare word (`auto`, `free`) never becomes a model. */
function rowOf(id: string, provider: string): Row | null {
  const read = grammarIdIn(id);
  if (read && !(FIRST_PARTY.has(provider) && !id.includes("/"))) return null;
  if (
    !read &&
    ((!id.includes("/") && !FIRST_PARTY.has(provider)) ||
      !/[\d/]/.test(id) ||
      id.startsWith("~") ||
      /^(?:openrouter|auto|radius)\//.test(id))
  )
    return null;
  const maker = id.includes("/") ? (id.split("/").at(-2) ?? provider) : provider;
  return {
    id,
    provider: read?.provider ?? maker,
    family: read?.family ?? id.slice(id.lastIndexOf("/") + 1).replace(/:[a-z]+$/, ""),
    snapshot: read?.snapshot ?? "",
    retires: "",
  };
}

function withRetirements(
  rows: Map<string, Row>,
  retirements: z.infer<typeof Retirements>["retirements"],
): Map<string, Row> {
  for (const [provider, dates] of Object.entries(retirements))
    for (const [retires, ids] of Object.entries(dates))
      for (const id of ids) {
        const read = grammarIdIn(id);
        if (!read) throw new Error(`the grammar does not read ${id}`);
        rows.set(id, { id, provider, family: read.family, snapshot: read.snapshot ?? "", retires });
      }
  return rows;
}

function moduleText(
  rows: ReadonlyMap<string, Row>,
  source: z.infer<typeof PackageFile>,
  { compiled, provenance, sources }: z.infer<typeof Retirements>,
): string {
  const lines = [...rows.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, provider, family, snapshot, retires }) =>
      [id, provider, family, snapshot, retires].join(" ").trimEnd(),
    );
  return `// Written by scripts/model-catalogue.ts; do not edit.

/** Where the catalogue comes from. */
export const MODEL_CATALOGUE_SOURCE = {
  models: "${source.name} ${source.version} (${source.license})",
  retirements: {
    compiled: "${compiled}",
    provenance:
      "${provenance}",
${Object.entries(sources)
  .map(([provider, url]) => `    ${provider}: "${url}",`)
  .join("\n")}
  },
} as const;

/** One model a line: id, provider, family, snapshot or nothing, date of retirement or nothing, divided by single spaces. */
export const MODEL_CATALOGUE = \`
${lines.join("\n")}
\`;
`;
}

main(process.argv[2]);
