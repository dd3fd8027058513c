/**
 * Writes the Action as one file, action/dist/index.js, with the licences of what is in it; with --check only compares, and
 * exits 1 when it is out of date or too large.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = `${root}action/dist/`;
/** Every run of the Action downloads it. */
const MOST = 1_500_000;
/** Packages of which only what is asked for is needed: among the rest is a whole HTTP client. */
const IN_PARTS = /\/src\/|\/node_modules\/(?:@actions|@octokit\/plugin[\w-]*|undici|tunnel)\//;

const build = await rolldown({
  cwd: root,
  input: "action/index.ts",
  platform: "node",
  external: /^node:/,
  resolve: { mainFields: ["module", "main"] },
  // Of all others their own package says it.
  treeshake: { moduleSideEffects: (id) => (IN_PARTS.test(id) ? false : undefined) },
});
const comments = { legal: true, annotation: false, jsdoc: false };
const { output } = await build.generate({ format: "esm", minify: true, codeSplitting: false, comments });
await build.close();
const [{ code, moduleIds }, ...others] = output;
if (others.length > 0) fail("the Action would be more than one file");
if (Buffer.byteLength(code) > MOST)
  fail(`action/dist/index.js has ${Buffer.byteLength(code)} bytes, more than ${MOST}`);
const files = { "index.js": code, "licenses.txt": licenses(moduleIds) };
for (const [name, text] of Object.entries(files)) {
  const path = `${target}${name}`;
  if (!process.argv.includes("--check")) {
    mkdirSync(target, { recursive: true });
    writeFileSync(path, text);
  } else if (!existsSync(path) || readFileSync(path, "utf8") !== text)
    fail(`action/dist/${name} is out of date; run: npm run bundle`);
}

/** The licences of what is bundled, each with its text, as most of them ask for. */
function licenses(modules: readonly string[]): string {
  const folders = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
  const packages = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? "" : `\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
    return `${name} ${version} (${license})\n${text}`;
  });
  return packages.join("\n---\n\n");
}

function fail(why: string): void {
  console.error(why);
  process.exitCode = 1;
}
