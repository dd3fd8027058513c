import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { Literal } from "../src/core/detector.ts";
import { fileSide } from "../src/readers/file-side.ts";
import { type Bench, medians, ms, type Outcome, same } from "./measure.ts";

const LOCK_LINES = 1_000_000;

/** Reading structured files against what is known to be fast on the same bytes. */
export const readersBench: Bench = {
  name: "readers",
  async run() {
    return [
      await yamlOutcome(),
      await lockOutcome("package-lock.json", npmLock()),
      await lockOutcome("pnpm-lock.yaml", pnpmLock()),
      ...(await growth()),
    ];
  },
};

function literalsOf(path: string, bytes: Uint8Array): readonly Literal[] {
  return fileSide({ path, mode: "100644", id: "0".repeat(40) }, bytes).literals;
}

/** Workflows, manifests and prompts as repositories hold them, written out of parts. */
function yamlText(): string {
  const parts: string[] = ["name: all", "jobs:"];
  for (let index = 0; index < 3000; index += 1)
    parts.push(
      `  job-${index}: # number ${index}`,
      "    runs-on: ubuntu-latest",
      `    env: { MODEL: "model-${index}", TEMPERATURE: 0.${index}, ON: true }`,
      "    steps:",
      `      - uses: actions/checkout@v${index % 5}`,
      "      - name: Ask",
      "        run: |",
      `          ask --model "m-${index}" \\`,
      "            --file prompts/triage.md",
      `        with: [a, b-${index}, 'c']`,
    );
  return `${parts.join("\n")}\n`;
}

async function yamlOutcome(): Promise<Outcome> {
  const text = yamlText();
  const bytes = Buffer.from(text);
  same("the numbers of leaves", literalsOf("a.yml", bytes).length, leaves(parse(text)));
  const { subject, yardstick } = await medians(
    5,
    () => literalsOf("a.yml", bytes),
    () => parse(text),
  );
  const speed = yardstick / subject;
  return {
    what: `YAML (${(bytes.length / 1e6).toFixed(1)} MB), values with places and comments`,
    value: `${(bytes.length / subject / 1000).toFixed(1)} MB/s`,
    yardstick: `the yaml package's parse: ${(bytes.length / yardstick / 1000).toFixed(1)} MB/s; ${speed.toFixed(2)} times its speed`,
    target: ">= 0.8 times",
    met: speed >= 0.8,
  };
}

function leaves(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((sum, item) => sum + leaves(item), 0);
}

function npmLock(): string {
  const packages: string[] = [];
  for (let index = 0; index < LOCK_LINES / 8; index += 1)
    packages.push(
      `    "node_modules/@scope/package-${index}": {\n      "version": "1.${index}.0",\n      "resolved": "https://registry.example/@scope/package-${index}/-/package-${index}-1.${index}.0.tgz",\n      "integrity": "sha512-${"A".repeat(86)}==",\n      "dependencies": {\n        "other": "^1.0.0"\n      }\n    },`,
    );
  return `{\n  "packages": {\n${packages.join("\n")}\n  }\n}\n`;
}

function pnpmLock(): string {
  const packages: string[] = ["lockfileVersion: '9.0'", "", "packages:"];
  for (let index = 0; index < LOCK_LINES / 4; index += 1)
    packages.push(
      "",
      `  '@scope/package-${index}@1.${index}.0':`,
      `    resolution: {integrity: sha512-${"A".repeat(86)}==}`,
      "    engines: {node: '>=18'}",
    );
  return `${packages.join("\n")}\n`;
}

async function lockOutcome(name: string, text: string): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "countersign-bench-"));
  try {
    const file = join(folder, name);
    writeFileSync(file, text);
    const lines = text.split("\n").length - 1;
    same(
      "the packages",
      literalsOf(name, readFileSync(file)).length,
      text.match(/^ +"?'?(?:node_modules\/)?@scope/gm)?.length,
    );
    const { subject, yardstick, ratio } = await medians(
      5,
      () => literalsOf(name, readFileSync(file)),
      () => createHash("sha1").update(readFileSync(file)).digest("hex"),
    );
    return {
      what: `${name} of ${lines.toLocaleString("en")} lines (${(text.length / 1e6).toFixed(0)} MB)`,
      value: ms(subject),
      yardstick: `reading and hashing it: ${ms(yardstick)}; ratio ${ratio.toFixed(2)}`,
      target: "<= 5 times",
      met: ratio <= 5,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Path, what repeats and what stands before it: four times the text may not take much more than four times as long. */
const HOSTILE: readonly (readonly [string, string, string, number])[] = [
  ["a.yml", '"', "a: [", 100_000],
  ["a.yml", "- ", "", 100_000],
  ["a.json", '{"a":', "", 1_000_000],
  ["a.toml", "[[a]]\n", "", 500_000],
  [".env", "A='x\nB=\"y\n", "", 1_000_000],
  ["main.tf", "[for x in ", "a = ", 1_000_000],
  ["main.tf", "a = <<E\n", "", 1_000_000],
  ["setup.cfg", "a = b\n  c\n", "", 500_000],
  ["pom.xml", "<!a>", "<a>", 1_000_000],
  ["build.gradle", "'\\", "", 1_000_000],
];

async function growth(): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [path, unit, before, size] of HOSTILE) {
    const bytes = (length: number) => Buffer.from(before + unit.repeat(Math.ceil(length / unit.length)));
    const [small, large] = [bytes(size), bytes(size * 4)];
    const { subject, yardstick, ratio } = await medians(
      5,
      () => literalsOf(path, large),
      () => literalsOf(path, small),
    );
    outcomes.push({
      what: `${path}: ${JSON.stringify(unit)} over and over, ${(large.length / 1e6).toFixed(1)} MB`,
      value: ms(subject),
      yardstick: `a quarter of it: ${ms(yardstick)}; ratio ${ratio.toFixed(1)}`,
      target: "<= 8 times",
      met: ratio <= 8,
    });
  }
  return outcomes;
}
