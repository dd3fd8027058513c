import { describe, expect, it } from "vitest";
import { functionLengths, type SourceFile, sourceFiles } from "./source-file.ts";

const SOURCES = sourceFiles("src", "action");
const OTHERS = sourceFiles("test", "scripts", "bench");

/** The room a file lies in: its folder below src, or its own name there; the Action is one. */
function roomOf(path: string): string {
  if (path.startsWith("action/")) return "action";
  const [, room = "", inside] = path.split("/");
  return inside === undefined ? room : room;
}

/** What each room may import of the project and of others. A pure room touches nothing outside its arguments. */
const ROOMS: Readonly<Record<string, { rooms: readonly string[]; packages: readonly string[]; pure?: true }>> = {
  core: { rooms: [], packages: ["zod", "re2js", "node:crypto"], pure: true },
  governance: { rooms: ["core"], packages: ["zod", "yaml"], pure: true },
  readers: { rooms: ["core"], packages: ["yaml", "smol-toml", "jsonc-parser"], pure: true },
  detectors: {
    rooms: ["core", "readers"],
    packages: [
      "picomatch",
      "jsonc-parser",
      "re2js",
      "node:crypto",
      "node:zlib",
      "@secretlint/secretlint-rule-preset-recommend",
    ],
    pure: true,
  },
  evidence: { rooms: ["core"], packages: ["zod", "canonicalize", "node:crypto"], pure: true },
  signing: { rooms: ["evidence"], packages: ["node:", "zod"] },
  results: { rooms: [], packages: ["zod"], pure: true },
  reports: { rooms: ["core", "evidence", "results"], packages: ["zod", "node:crypto", "sarif"], pure: true },
  doctor: { rooms: ["core", "governance", "reports"], packages: [], pure: true },
  objects: { rooms: ["core"], packages: ["node:crypto"], pure: true },
  git: { rooms: ["core", "objects", "evidence"], packages: ["node:"] },
  stores: { rooms: ["core", "evidence"], packages: ["node:", "pg"] },
  queues: { rooms: ["core", "stores", "evidence"], packages: ["node:sqlite"] },
  "git.ts": { rooms: ["core", "objects", "git"], packages: [] },
  github: {
    rooms: ["core", "objects", "reports", "doctor", "evidence", "work", "enforcement"],
    packages: ["zod", "node:", "@octokit/core", "@octokit/auth-app"],
  },
  work: {
    rooms: ["core", "governance", "readers", "detectors", "reports", "doctor", "evidence"],
    packages: ["node:path", "node:crypto", "node-diff3", "zod"],
  },
  enforcement: {
    rooms: ["core", "governance", "reports", "evidence", "stores", "queues", "work", "doctor"],
    packages: ["node:crypto", "zod"],
  },
  web: { rooms: [], packages: ["node:", "@octokit/webhooks", "pino"] },
  "environment.ts": { rooms: ["web", "signing"], packages: ["node:"] },
  "app.ts": {
    rooms: ["core", "github", "queues", "work", "enforcement", "web"],
    packages: ["probot", "@octokit/core"],
  },
  "service.ts": {
    rooms: ["core", "github", "queues", "stores", "work", "enforcement", "web", "app.ts", "environment.ts"],
    packages: ["node:"],
  },
  "app-service.ts": {
    rooms: ["github", "queues", "stores", "work", "enforcement", "signing", "web", "environment.ts", "service.ts"],
    packages: ["node:"],
  },
  "environment-text.ts": { rooms: ["environment.ts"], packages: [] },
  "start.ts": { rooms: ["environment.ts", "environment-text.ts", "app-service.ts", "web"], packages: ["node:"] },
  "manifest-file.ts": { rooms: ["doctor"], packages: ["node:", "yaml", "zod"] },
  commands: {
    rooms: [
      ...["core", "governance", "readers", "detectors", "reports", "git", "git.ts", "work", "schemas.ts"],
      ...["doctor", "github", "queues", "stores", "evidence", "signing", "environment.ts", "manifest-file.ts"],
    ],
    packages: ["zod", "node:"],
  },
  setup: {
    rooms: ["doctor", "github", "work", "commands", "manifest-file.ts"],
    packages: ["node:"],
  },
  "setup.ts": { rooms: ["commands", "setup"], packages: [] },
  "schemas.ts": { rooms: ["core", "evidence", "reports", "commands"], packages: ["zod"] },
  "cli.ts": { rooms: ["commands"], packages: ["node:"] },
  action: {
    rooms: [
      ...["core", "reports", "results", "work", "enforcement", "github", "queues", "stores", "evidence", "signing"],
      "commands",
    ],
    packages: ["@actions/core", "@actions/github", "node:", "zod", "package.json"],
  },
};

describe("rooms", () => {
  it.each(SOURCES.map((file) => [file.path, file] as const))("%s imports what its room may", (path, { imports }) => {
    const room = ROOMS[roomOf(path)];
    expect(room).toBeDefined();
    const strange = imports.filter((name) =>
      name.startsWith("src/") || name.startsWith("action/")
        ? roomOf(name) !== roomOf(path) && !room?.rooms.includes(roomOf(name))
        : !room?.packages.some((known) => name === known || (known === "node:" && name.startsWith(known))),
    );
    expect(strange).toEqual([]);
  });

  const pure = SOURCES.filter(({ path }) => ROOMS[roomOf(path)]?.pure);
  it.each(pure.map((file) => [file.path, file] as const))("%s knows no clock, process or network", (_, { lines }) => {
    const impure =
      /(?<![.\w"'`$])(?:process\.(?!env\b["',`. ])|globalThis|console\.|performance\.|setTimeout|setInterval|fetch\(|Date\.now|new Date\(\)|Math\.random|crypto\.|require\()/;
    expect(lines.filter((line) => impure.test(withoutText(line)))).toEqual([]);
  });
});

/** A line without its strings, comments and regular expressions, which may say anything. */
function withoutText(line: string): string {
  return line.replace(/"[^"]*"|'[^']*'|`[^`]*`|\/\/.*$|^\s*\/?\*.*$|\/(?![*/ ])[^/\n]+\/[gimsuy]*/g, "");
}

/** Files that are data from top to bottom, or a scanner that reads better whole: they may be longer. */
const LONG = new Set([
  "src/detectors/model/model-catalogue-data.ts",
  "src/detectors/provider/provider-catalogue.ts",
  "src/readers/shell/shell-scanner.ts",
]);
/**
 * What core holds beside its rules: schemas, vocabulary, tables, the languages that people write paths and rollback plans in,
 * and sums of many evaluations.
 */
const APART = new Set(
  [
    ...["policy", "registry", "scalars", "glob", "rule-id", "provider-key", "custom-pattern"],
    ...["facts", "detector", "finding", "change-set", "requirement", "case", "remedy", "simulation"],
    ...["path-matcher", "segment-pattern", "brace-expansion", "rollback-plan", "rollback-section"],
  ].map((name) => `src/core/${name}.ts`),
);

describe("budgets", () => {
  it("no file is longer than 300 lines, and half of them have fewer than 90", () => {
    const lengths = SOURCES.map(({ path, lines }) => [path, lines.length] as const);
    expect(lengths.filter(([path, length]) => length > 300 && !LONG.has(path))).toEqual([]);
    const sorted = lengths.map(([, length]) => length).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(90);
  });

  it("no function has more than 50 lines", () => {
    const long = SOURCES.flatMap((file) =>
      functionLengths(file).flatMap(({ line, length }) => (length > 50 ? [`${file.path}:${line} has ${length}`] : [])),
    );
    expect(long).toEqual([]);
  });

  it("the rules of core have fewer than 2,200 lines of code", () => {
    const core = SOURCES.filter(({ path }) => roomOf(path) === "core" && !APART.has(path));
    const code = core.flatMap(({ lines }) => lines.filter((line) => !/^\s*(?:\/\/|\/?\*|$)/.test(line)));
    expect(code.length).toBeLessThan(2_200);
    expect([...APART].filter((path) => !SOURCES.some((file) => file.path === path))).toEqual([]);
  });

  it("the rules of evidence have fewer than 700 lines of code, beside schemas, interfaces and sentences", () => {
    const apart = new Set(
      ["record", "ledger", "evidence-branch", "problem", "framework-controls"].map((name) => `src/evidence/${name}.ts`),
    );
    const rules = SOURCES.filter(({ path }) => roomOf(path) === "evidence" && !apart.has(path));
    const code = rules.flatMap(({ lines }) => lines.filter((line) => !/^\s*(?:\/\/|\/?\*|$)/.test(line)));
    expect(code.length).toBeLessThan(700);
    expect(rules.length).toBeGreaterThan(10);
  });
});

describe("house style", () => {
  const all = [...SOURCES, ...OTHERS];
  const lines = all.flatMap((file) => file.lines.map((line, at) => [`${file.path}:${at + 1}`, line] as const));
  const places = (pattern: RegExp) => lines.filter(([, line]) => pattern.test(line)).map(([place]) => place);
  const self = /^test\/(?:architecture\.test|source-file)\.ts/;

  it("a file is named for what it exports", () => {
    const vague = /(?:^|\/)(?:utils?|helpers?|common|types|constants|misc|shared|lib)(?:\.ts|\/)/;
    expect(all.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([]);
    expect(all.map(({ path }) => path).filter((path) => !/^[a-z0-9/-]+(?:\.test)?\.ts$/.test(path))).toEqual([]);
  });
  it("nothing is exported by default, and nothing is an enum or a namespace", () => {
    expect(places(/^export default/).filter((place) => !self.test(place))).toEqual([]);
    expect(places(/^(?:export )?(?:declare )?(?:const )?(?:enum|namespace) /)).toEqual([]);
  });
  it("nothing is any", () => {
    expect(places(/(?::|\bas|[<,|]) any\b(?! )|<any>|: any\[/).filter((place) => !self.test(place))).toEqual([]);
  });
  it("nothing is left to do", () => {
    expect(places(/\b(?:TODO|FIXME|XXX|HACK)\b/).filter((place) => !self.test(place))).toEqual([]);
  });
  it("every exported function, interface and class says in a sentence what it is", () => {
    const silent = SOURCES.flatMap(({ path, lines: own }) =>
      own.flatMap((line, at) =>
        /^export (?:async )?(?:function|interface|class)\b/.test(line) && !/\*\/$/.test(own[at - 1] ?? "")
          ? [`${path}:${at + 1}`]
          : [],
      ),
    );
    expect(silent).toEqual([]);
  });
});

describe("tests", () => {
  it("reach every file of src", () => {
    const files = new Map([...SOURCES, ...OTHERS].map((file) => [file.path, file]));
    const reached = new Set<string>();
    const visit = ({ path, imports }: SourceFile): void => {
      if (reached.has(path)) return;
      reached.add(path);
      for (const name of imports) {
        const next = files.get(name);
        if (next) visit(next);
      }
    };
    for (const file of OTHERS) if (file.path.endsWith(".test.ts")) visit(file);
    // Run as programs of their own, by the tests of the package and of starting.
    for (const path of ["src/cli.ts", "src/setup.ts", "src/start.ts", "action/index.ts"])
      visit(files.get(path) as SourceFile);
    expect(SOURCES.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
  });
  it("stand where what they test stands", () => {
    const rooms = new Set(SOURCES.map(({ path }) => roomOf(path)));
    // The loopback GitHub is a tool of the tests, with tests of its own.
    rooms.add("github");
    // The App as a whole, against that GitHub.
    rooms.add("enforcement");
    const elsewhere = OTHERS.filter(({ path }) => /^test\/[^/]+\/.*\.test\.ts$/.test(path) && !rooms.has(roomOf(path)));
    expect(elsewhere.map(({ path }) => path)).toEqual([]);
  });
});

describe("the measure of functions", () => {
  const measured = (text: string) => functionLengths({ path: "x.ts", text, lines: [], imports: [] });
  it("sees declarations with any result, and arrows", () => {
    expect(measured("function a(x: { b: 1 }): { c: 1 } {\n  return x;\n}\n")).toEqual([{ line: 1, length: 3 }]);
    expect(measured("async function a<T>(): Promise<{ c: T }> {\n  // {\n  const s = `{`;\n}\n")).toEqual([
      { line: 1, length: 4 },
    ]);
    expect(measured("const f = (a: () => void) => {\n  a();\n  return { b: 1 };\n};\n")).toEqual([
      { line: 1, length: 4 },
    ]);
    expect(measured("const f = () => ({ a: 1 });\ntype G = (a: 1) => { b: 1 };\n")).toEqual([{ line: 2, length: 1 }]);
  });
});
