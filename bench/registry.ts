import { parseDocument } from "yaml";
import { parseRegistry } from "../src/governance/configuration-file.ts";
import { readConfiguration } from "../src/work/configuration.ts";
import { type Bench, medians, ms, same } from "./measure.ts";

const ENTRIES = 10_000;

/** A registry as large organisations would have: systems, identities and providers with what is usual in them. */
function registryText(): string {
  const lines = ["version: 1", "systems:"];
  for (let index = 0; index < ENTRIES / 2; index += 1)
    lines.push(
      `  - id: system-${index}`,
      `    name: System number ${index}`,
      `    owner: "@owner-${index % 300}"`,
      `    lifecycle: deployed`,
      `    tier: ${["low", "medium", "high"][index % 3]}`,
      `    paths: ["services/s${index}/**", "prompts/s${index}/**"]`,
      `    identities: [identity-${index}]`,
      `    review: { every: P90D, last: 2026-10-01 }`,
    );
  lines.push("identities:");
  for (let index = 0; index < ENTRIES / 2; index += 1)
    lines.push(
      `  - id: identity-${index}`,
      `    type: api-key`,
      `    owner: "@owner-${index % 300}"`,
      `    references: [SERVICE_${index}_API_KEY]`,
      `    authentication: static-secret`,
      `    privilege: write`,
      `    state: active`,
      `    rotation: { every: P90D, last: 2026-09-20 }`,
    );
  return `${lines.join("\n")}\n`;
}

/** A large registry parsed and validated, against the YAML library alone on the same text. */
export const registryBench: Bench = {
  name: "registry",
  async run() {
    const text = registryText();
    const bytes = Buffer.from(text);
    const own = () => {
      const parsed = parseRegistry(bytes, "ai-systems.yml");
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems.slice(0, 3)));
      return parsed.value;
    };
    const library = () => parseDocument(text, { schema: "core", version: "1.2" }).toJS();
    same("the registries", own(), library());
    const { subject, yardstick, ratio } = await medians(7, own, library);
    const again = await readTwice(bytes);
    return [
      {
        what: `a registry of ${ENTRIES} entries (${(bytes.length / 1e6).toFixed(1)} MB) parsed and validated`,
        value: ms(subject),
        yardstick: `the yaml library alone: ${ms(yardstick)}; ratio ${ratio.toFixed(2)}`,
        target: "<= 1.3 times",
        met: ratio <= 1.3,
      },
      {
        what: "the same blob read again for another change of the repository",
        value: ms(again.second),
        yardstick: `the first time: ${ms(again.first)}`,
        target: "<= 0.02 times",
        met: again.second <= 0.02 * again.first,
      },
    ];
  },
};

async function readTwice(bytes: Uint8Array): Promise<{ first: number; second: number }> {
  const revisions = {
    blobAt: async (_: string, path: string) =>
      path.endsWith("ai-systems.yml") ? { entry: { path, mode: "100644", id: "a".repeat(40) }, bytes } : null,
  };
  const read = async (head: string) => {
    const start = performance.now();
    const sources = {
      base: "main",
      head,
      rules: undefined,
      policy: undefined,
      registry: undefined,
      baseline: null,
    };
    const { registry } = await readConfiguration(revisions, sources, async () => new Uint8Array());
    same("the systems", registry.base.systems?.length, ENTRIES / 2);
    return performance.now() - start;
  };
  return { first: await read("one"), second: await read("two") };
}
