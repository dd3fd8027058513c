import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import { parseAllDocuments } from "yaml";
import type { Change, Entry } from "../src/core/change-set.ts";
import type { Detector } from "../src/core/detector.ts";
import { effectivePolicy, type Policy } from "../src/core/policy.ts";
import { detectorsFor } from "../src/detectors/index.ts";
import { prefilter } from "../src/detectors/prefilter.ts";
import { detect } from "../src/work/detect.ts";
import { examples, mixedCode, mixedYaml, realText, size, type TextFile, upTo } from "./detection-text.ts";
import { type Bench, cpuMedians, ms, type Outcome } from "./measure.ts";
import { ripgrepTime } from "./ripgrep.ts";

const MEGABYTE = 1_000_000;
/** A file of a few hundred bytes costs its name, whatever is in it. */
const SMALLEST = 2_000;
const HASHED = 30;
const CODE = /\.(?:[cm]?[jt]sx?|py|go|java|kt|cs|rb|rs|php)$/;

/** Detection on real text: without candidates, full of them, under many rules, and on files of hostile shape. */
export const detectionBench: Bench = {
  name: "detection",
  async run() {
    const detectors = detectorsOf({ version: 1 });
    const filter = prefilter(detectors);
    const all = realText(60 * MEGABYTE);
    const idle = upTo(
      all.filter(
        ({ path, bytes }) =>
          bytes.length >= SMALLEST &&
          filter.matching(
            bytes,
            detectors.filter((one) => one.selects(path)),
          ).length === 0,
      ),
      5 * MEGABYTE,
    );
    const code = mixedCode(all, 2 * MEGABYTE);
    return [
      await withoutCandidates(idle, detectors),
      await codeOfCandidates("code full of candidates", code, detectors, 8),
      // Nothing but examples, in all languages: every file a new one, and hardly a line of it without a fact.
      await codeOfCandidates("code of nothing but candidates", upTo(examples(CODE), MEGABYTE / 2), detectors, 1),
      await yamlOfCandidates(mixedYaml(all, MEGABYTE), detectors),
      await manyRules(idle),
      await customRules(code),
      await hostile(
        "a file of one line, 100 MB",
        "src/bundle.js",
        Buffer.from(`const a = "${"abcdefghij klmnop ".repeat(5_600_000)}";`),
        detectors,
      ),
      await hostile("a lock file of 1,000,000 lines", "package-lock.json", lockFile(), detectors),
    ];
  },
};

function detectorsOf(policy: Policy): readonly Detector[] {
  return detectorsFor(effectivePolicy(policy), Buffer.alloc(32, 1));
}

async function detected(files: readonly TextFile[], detectors: readonly Detector[]): Promise<number> {
  const blobs = new Map<string, Buffer>();
  const changes = files.map(({ path, bytes }, index): Change => {
    const after: Entry = { path, mode: "100644", id: String(index).padStart(40, "0") };
    blobs.set(after.id, bytes);
    return { after };
  });
  const content = {
    async *load(entries: readonly Entry[]) {
      for (const { id } of entries) yield [id, blobs.get(id) ?? Buffer.alloc(0)] as const;
    },
  };
  const found = await detect(changes, detectors, content, () => {}, null);
  return found.files.reduce((sum, { after }) => sum + (after?.facts.length ?? 0), 0);
}

function lines(files: readonly TextFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes.toString("latin1").split("\n").length, 0);
}

function speed(bytes: number, time: number): number {
  return bytes / MEGABYTE / (time / 1000);
}

async function withoutCandidates(files: readonly TextFile[], detectors: readonly Detector[]): Promise<Outcome> {
  const bytes = size(files);
  const rules = { id: "preset", rule: creator, options: {} };
  const secretlint = async () => {
    for (const { path, bytes: content } of files) {
      const source = {
        filePath: path,
        content: content.toString("utf8"),
        ext: path.slice(path.lastIndexOf(".")),
        contentType: "text" as const,
      };
      await lintSource({ source, options: { config: { rules: [rules] } } });
    }
    // It leaves a mark for each rule and file, and measures between them a moment later.
    await setTimeout(50);
    performance.clearMarks();
    performance.clearMeasures();
  };
  const run = await cpuMedians(5, () => detected(files, detectors), secretlint);
  const rate = speed(bytes, run.subject);
  const words = [...new Set(detectors.flatMap(({ literals }) => literals))];
  const time = ripgrepTime(Buffer.concat(files.map((file) => file.bytes)), words);
  const ripgrep = time === null ? "ripgrep is not installed" : `ripgrep: ${speed(bytes, time).toFixed(0)} MB/s`;
  return {
    what: `${(bytes / MEGABYTE).toFixed(1)} MB of real text without candidates`,
    value: `${rate.toFixed(0)} MB/s`,
    yardstick: `secretlint's preset alone: ${speed(bytes, run.yardstick).toFixed(0)} MB/s; ${ripgrep}`,
    target: ">= 100 MB/s",
    met: rate >= 100,
  };
}

async function codeOfCandidates(
  what: string,
  files: readonly TextFile[],
  detectors: readonly Detector[],
  target: number,
): Promise<Outcome> {
  const bytes = size(files);
  const facts = await detected(files, detectors);
  // Once takes less than the clock of a thread can tell.
  const hashing = () => {
    for (let time = 0; time < HASHED; time += 1)
      for (const { bytes: content } of files) createHash("sha1").update(content).digest();
  };
  const run = await cpuMedians(3, () => detected(files, detectors), hashing);
  const rate = speed(bytes, run.subject);
  return {
    what: `${(bytes / MEGABYTE).toFixed(1)} MB of ${what} (${facts} facts in ${lines(files)} lines)`,
    value: `${rate.toFixed(1)} MB/s`,
    yardstick: `hashing it: ${speed(bytes * HASHED, run.yardstick).toFixed(0)} MB/s`,
    target: `>= ${target} MB/s`,
    met: rate >= target,
  };
}

async function yamlOfCandidates(files: readonly TextFile[], detectors: readonly Detector[]): Promise<Outcome> {
  const bytes = size(files);
  const yaml = () =>
    files.forEach(
      ({ bytes: content }) =>
        void parseAllDocuments(content.toString("utf8")).forEach((one) => void ("toJS" in one && one.toJS())),
    );
  const run = await cpuMedians(3, () => detected(files, detectors), yaml);
  return {
    what: `${(bytes / MEGABYTE).toFixed(1)} MB of YAML full of candidates`,
    value: `${speed(bytes, run.subject).toFixed(1)} MB/s`,
    yardstick: `the yaml package alone: ${speed(bytes, run.yardstick).toFixed(1)} MB/s; ${(1 / run.ratio).toFixed(2)} times its speed`,
    target: ">= 0.8 times",
    met: run.ratio <= 1 / 0.8,
  };
}

/** Detectors of which nothing is found, with words that no text holds. */
function extra(count: number): readonly Detector[] {
  const [model] = detectorsOf({ version: 1 });
  if (!model) throw new Error("there are no detectors");
  return Array.from({ length: count }, (_, index) => ({
    ...model,
    name: `extra ${index}`,
    rules: [],
    literals: [`zq${index}xj`, `wv${index}kq`],
  }));
}

async function manyRules(files: readonly TextFile[]): Promise<Outcome> {
  const [few, many] = [extra(30), extra(300)];
  const run = await cpuMedians(
    5,
    () => detected(files, many),
    () => detected(files, few),
  );
  return {
    what: "300 rules on the same text",
    value: ms(run.subject),
    yardstick: `30 rules: ${ms(run.yardstick)}; ratio ${run.ratio.toFixed(2)}`,
    target: "<= 1.5 times",
    met: run.ratio <= 1.5,
  };
}

async function customRules(files: readonly TextFile[]): Promise<Outcome> {
  const custom = Array.from({ length: 200 }, (_, index) => ({
    id: `model/custom-${index}`,
    class: "model" as const,
    paths: ["**"],
    pattern: `^\\s*gateway_${index}_model:\\s*(?<value>\\S+)`,
  }));
  const [none, all] = [detectorsOf({ version: 1 }), detectorsOf({ version: 1, detect: { custom } })];
  const run = await cpuMedians(
    3,
    () => detected(files, all),
    () => detected(files, none),
  );
  return {
    what: "200 rules of a policy on code full of candidates",
    value: ms(run.subject),
    yardstick: `none: ${ms(run.yardstick)}; ratio ${run.ratio.toFixed(2)}`,
    target: "< 3 times",
    met: run.ratio < 3,
  };
}

async function hostile(what: string, path: string, bytes: Buffer, detectors: readonly Detector[]): Promise<Outcome> {
  const reading = () => {
    createHash("sha1").update(Buffer.from(bytes)).digest();
    return bytes.toString("utf8").length;
  };
  const run = await cpuMedians(3, () => detected([{ path, bytes }], detectors), reading);
  return {
    what: `${what} (${(bytes.length / MEGABYTE).toFixed(0)} MB)`,
    value: ms(run.subject),
    yardstick: `reading and hashing: ${ms(run.yardstick)}; ratio ${run.ratio.toFixed(1)}`,
    target: "<= 5 times",
    met: run.ratio <= 5,
  };
}

function lockFile(): Buffer {
  const entries = Array.from(
    { length: 166_666 },
    (_, index) =>
      `    "node_modules/package-${index}": {\n      "version": "1.${index}.0",\n      "resolved": "https://registry.npmjs.org/package-${index}/-/package-${index}-1.${index}.0.tgz",\n      "integrity": "sha512-${createHash("sha512").update(String(index)).digest("base64")}",\n      "license": "MIT"\n    },\n`,
  );
  return Buffer.from(
    `{\n  "packages": {\n${entries.join("")}    "node_modules/openai": {\n      "version": "6.0.0"\n    }\n  }\n}\n`,
  );
}
