import { describe, expect, it } from "vitest";
import type { Direction, Finding } from "../../src/core/finding.ts";
import { effectivePolicy } from "../../src/core/policy.ts";
import { detectorsFor } from "../../src/detectors/index.ts";
import { surfaceOf } from "../../src/readers/surface.ts";
import { type Fixture, findingsBetween, fixtures, type Tree, type TreeFile } from "./fixture.ts";

const all = fixtures();
/** Rules whose fact is the whole file: every byte of it counts. */
const WHOLE = new Set(
  detectorsFor(effectivePolicy(null), Buffer.alloc(32, 7)).flatMap(({ rules }) =>
    rules.filter(({ wholeFile }) => wholeFile).map(({ id }) => id),
  ),
);

const known = new Map<string, Promise<readonly Finding[]>>();

/** The findings of a fixture as it stands, evaluated once for all laws. */
function findingsOf({ name, before, after, policy }: Fixture): Promise<readonly Finding[]> {
  const findings = known.get(name) ?? findingsBetween(before, after, policy);
  known.set(name, findings);
  return findings;
}

const MIRRORED: Readonly<Record<Direction, Direction>> = {
  added: "removed",
  removed: "added",
  changed: "changed",
  widened: "narrowed",
  narrowed: "widened",
};

describe("P06 line ends, byte order marks and blank lines at the end change nothing", () => {
  const forms: readonly (readonly [string, (text: string, path: string) => string])[] = [
    ["CRLF", (text) => text.replace(/\r?\n/g, "\r\n")],
    ["a byte order mark", (text) => (text.startsWith("\uFEFF") ? text : `\uFEFF${text}`)],
    ["blank lines at the end", (text, path) => (endsOpen(text, path) ? text : `${text}\n\n\n`)],
  ];
  it.each(all)("$name", async (fixture) => {
    const { before, after, policy } = fixture;
    for (const [name, form] of forms)
      expect(parts(await findingsBetween(after, mapText(after, form), policy)), name).toEqual([]);
    // A whole file that the fixture leaves alone must stay as it is: there every byte counts.
    const untouched = [...after].filter(([path, { bytes }]) => before.get(path)?.bytes.toString() === bytes.toString());
    const changed = new Map([...forms.reduce((tree, [, form]) => mapText(tree, form), after), ...untouched]);
    expect(described(await findingsBetween(before, changed, policy))).toEqual(described(await findingsOf(fixture)));
  });
});

describe("moving files within a surface is silent", () => {
  let tried = 0;
  it.each(all)("$name", async ({ after, policy }) => {
    const moved = movedTree(after);
    if (moved === null) return;
    const here = await findingsBetween(new Map(), after, policy);
    const there = await findingsBetween(new Map(), moved, policy);
    // A path that a rule knows by name is another thing elsewhere; all others must not notice.
    if (JSON.stringify(kinds(here)) !== JSON.stringify(kinds(there))) return;
    tried += 1;
    expect(parts(await findingsBetween(after, moved, policy)), "renamed").toEqual([]);
    const rewritten = mapText(moved, (text) => text.replace(/\r?\n/g, "\r\n"));
    expect(parts(await findingsBetween(after, rewritten, policy)), "moved and saved anew").toEqual([]);
  });
  it("was tried on most fixtures", () => expect(tried).toBeGreaterThan(all.length / 2));
});

describe("swapping base and head mirrors every finding", () => {
  // Documents of the rules are judged by effect: what loosens them is named one by one, what tightens them is not.
  it.each(all.filter(({ rule }) => rule !== "governance/policy" && rule !== "governance/registry"))(
    "$name",
    async (fixture) => {
      const { before, after, policy } = fixture;
      const there = await findingsOf(fixture);
      const back = await findingsBetween(after, before, policy);
      expect(back.map(mirrored).sort().join("\n")).toBe(there.map(placed).sort().join("\n"));
    },
  );
});

describe("padding hides nothing", () => {
  const sample = oneOfEachFormat();
  it.each(sample)("5,000 unrelated files beside $name", async (fixture) => {
    const { before, after, policy } = fixture;
    const padded = new Map(after);
    for (let number = 0; number < 5000; number += 1)
      padded.set(`zz/unrelated/file${number}.ts`, file(`export const value${number} = ${number};\n`));
    expect(described(await findingsBetween(before, padded, policy))).toEqual(described(await findingsOf(fixture)));
  });
  it.each(sample)("50,000 lines after $name", async (fixture) => {
    const { before, after, policy } = fixture;
    const padded = mapText(after, (text, path) => (padding(path) === null ? text : text + padding(path)));
    expect(described(await findingsBetween(before, padded, policy))).toEqual(described(await findingsOf(fixture)));
  });
});

/** For each format whose files can be padded, the first fixture that finds something in one: padding is read by its reader. */
function oneOfEachFormat(): readonly Fixture[] {
  const taken = new Map<string, Fixture>();
  for (const fixture of all.filter(({ kind }) => kind === "hit"))
    for (const path of fixture.after.keys()) {
      const format = path.slice(path.lastIndexOf("/") + 1).replace(/^.*\./, "");
      if (padding(path) !== null && !taken.has(format)) taken.set(format, fixture);
    }
  return [...new Set(taken.values())];
}

/** Lines that mean nothing in a file's format; null where the format has none. */
function padding(path: string): string | null {
  const mark = /\.(?:py|ya?ml|toml|sh|rb|tf|env)$|Dockerfile$/.test(path)
    ? "# "
    : /\.(?:[cm]?[jt]sx?|go|java|kt|cs|rs|php)$/.test(path)
      ? "// "
      : null;
  return mark === null ? null : `\n${`${mark}nothing to see in this line\n`.repeat(50_000)}`;
}

/** Text that ends within something where blank lines count, such as a YAML block that keeps them. */
function endsOpen(text: string, path: string): boolean {
  return /\.ya?ml$/.test(path) && /[|>][0-9]?\+/.test(text);
}

function mapText(tree: Tree, form: (text: string, path: string) => string): Tree {
  return new Map(
    [...tree].map(([path, { bytes, mode }]): [string, TreeFile] => {
      const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
      const binary = bytes.includes(0) || !Buffer.from(text).equals(bytes) || mode === "120000";
      return [path, { bytes: binary ? bytes : Buffer.from(form(text, path)), mode }];
    }),
  );
}

function movedTree(tree: Tree): Tree | null {
  const moved = new Map([...tree].map(([path, content]) => [`area/${path}`, content] as const));
  return [...tree.keys()].every((path) => surfaceOf(path) === surfaceOf(`area/${path}`)) ? moved : null;
}

function file(text: string): TreeFile {
  return { bytes: Buffer.from(text), mode: "100644" };
}

/** Findings of rules that look into files, without places: what a person would call the same. */
function parts(findings: readonly Finding[]): readonly string[] {
  return findings.filter(({ rule }) => !WHOLE.has(rule)).map((finding) => JSON.stringify(finding));
}

function described(findings: readonly Finding[]): readonly string[] {
  return findings
    .map(({ rule, direction, severity, before, after }) =>
      JSON.stringify([rule, direction, severity, ...(WHOLE.has(rule) ? [] : [before, after])]),
    )
    .sort();
}

function kinds(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ rule, severity }) => `${rule} ${severity}`).sort();
}

function placed({ rule, direction, place }: Finding): string {
  return JSON.stringify([rule, direction, place.before ?? null, place.after ?? null]);
}

function mirrored({ rule, direction, place }: Finding): string {
  return JSON.stringify([rule, MIRRORED[direction], place.after ?? null, place.before ?? null]);
}
