import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loopbackGitHub } from "./github/server.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "countersign-test-"));
const installed = join(folder, "node_modules/countersign");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
let files: readonly string[] = [];

function npm(directory: string, ...args: string[]) {
  return spawnSync("npm", [...args, "--no-audit", "--no-fund", "--no-update-notifier"], {
    cwd: directory,
    encoding: "utf8",
  });
}

beforeAll(() => {
  const packed = npm(root, "pack", "--json", "--pack-destination", folder);
  expect(packed.status, packed.stderr).toBe(0);
  const [description] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf("[")));
  files = description.files.map(({ path }: { path: string }) => path);
  install(join(folder, description.filename));
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * By npm from its cache, with the versions of this project's own lock file; where the cache was emptied, as npm would lay it
 * out, with the project's dependencies linked.
 */
function install(tarball: string): void {
  const dependencies = { countersign: `file:${basename(tarball)}` };
  const { version, bin, dependencies: needed } = manifest;
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const kept = Object.entries<{ dev?: boolean }>(lock.packages).filter(([path, { dev }]) => path !== "" && !dev);
  const packages = {
    "": { name: "somewhere", dependencies },
    "node_modules/countersign": { version, bin, dependencies: needed, resolved: dependencies.countersign },
    ...Object.fromEntries(kept),
  };
  const write = (name: string, value: object) => writeFileSync(join(folder, name), JSON.stringify(value));
  write("package.json", { name: "somewhere", private: true, dependencies });
  write("package-lock.json", { name: "somewhere", lockfileVersion: 3, requires: true, packages });
  if (npm(folder, "ci", "--offline", "--ignore-scripts").status === 0) return;
  rmSync(join(folder, "node_modules"), { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed]);
  for (const name of Object.keys(needed)) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", name), link);
  }
  mkdirSync(join(folder, "node_modules/.bin"));
  symlinkSync(join("../countersign", bin.countersign), join(folder, "node_modules/.bin/countersign"));
}

function countersign(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const bin = join(folder, "node_modules/.bin/countersign");
  expect(existsSync(bin)).toBe(true);
  const env = { ...process.env, ...environment };
  return spawnSync(process.execPath, [bin, ...args], { cwd: folder, encoding: "utf8", env });
}

function demoRepository(): string {
  const directory = join(folder, "demo");
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", directory, "-c", "user.name=a", "-c", "user.email=a@b", ...args], { stdio: "pipe" });
  cpSync(join(installed, "fixtures/demo/before"), directory, { recursive: true });
  git("init", "-q", "--initial-branch=main");
  git("add", ".");
  git("commit", "-q", "-m", "before");
  cpSync(join(installed, "fixtures/demo/after"), directory, { recursive: true });
  return directory;
}

describe("the package", () => {
  it("holds what it needs to run and nothing else", () => {
    const folders = new Set(files.map((path) => path.split("/")[0]));
    expect([...folders].sort()).toEqual([
      "LICENSE",
      "README.md",
      "app.yml",
      "fixtures",
      "lib",
      "package.json",
      "schemas",
    ]);
    expect(files.filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))).toEqual([]);
    expect(files).toContain("lib/cli.js");
    const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((path) =>
      path.endsWith(".ts"),
    );
    expect(files.filter((path) => path.startsWith("lib/") && path.endsWith(".js"))).toHaveLength(sources.length);
  });

  it("runs: version, help, schemas and a check with its exit code", () => {
    expect(countersign(["--version"])).toMatchObject({ status: 0, stdout: `${manifest.version}\n` });
    expect(countersign(["--help"]).stdout).toMatch(/^countersign: change approval/);
    const schema = JSON.parse(countersign(["config", "schema", "evaluation"]).stdout);
    expect(schema).toEqual(JSON.parse(readFileSync(join(installed, "schemas/evaluation.schema.json"), "utf8")));
    const directory = demoRepository();
    const { status, stdout, stderr } = countersign(["check", "--repo", directory, "--format", "json"]);
    expect([status, stderr]).toEqual([1, ""]);
    const classes = new Set(JSON.parse(stdout).findings.map((finding: { class: string }) => finding.class));
    for (const name of ["model", "prompt", "credential"]) expect(classes).toContain(name);
    expect(countersign(["check", "--repo", folder])).toMatchObject({ status: 2, stdout: "" });
  });

  it("looks at a repository at GitHub with what lies in the package", async () => {
    const github = await loopbackGitHub();
    github.world.user("rita");
    github.world.repository("rita/notes", { "README.md": "# Notes\n" });
    const app = github.world.app("countersign", { owner: "rita" });
    github.world.install(app, "rita");
    const env = { ...process.env, GITHUB_API_URL: github.url, GITHUB_TOKEN: "ghp_rita" };
    const keyed = { ...env, APP_ID: String(app.id), PRIVATE_KEY: app.privateKey };
    const args = [join(installed, "lib/cli.js"), "doctor", "--repository", "rita/notes"];
    const child = spawn(process.execPath, args, { cwd: folder, env: keyed });
    let out = "";
    child.stdout.on("data", (data) => {
      out += data;
    });
    const exit = await new Promise((resolve) => child.on("close", resolve));
    await github.close();
    expect(exit).toBe(1);
    expect(out).toContain("the permission `checks: write` is missing (granted: none)");
  });

  it("survives a reader that has seen enough, and is quiet where nobody looks", () => {
    const bin = join(installed, "lib/cli.js");
    const directory = join(folder, "demo");
    const script = `"$0" "$1" check --repo "$2" --explain | head -1; echo "$\{PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", script, process.execPath, bin, directory], {
      encoding: "utf8",
    });
    expect(stdout).toMatch(/ risk: .*\n1\n$/);
    expect(stderr).toBe("");
  });
});
