/**
 * Writes the Action as one file, action/dist/index.js; with --check only compares, and exits 1 when it is out of date or too
 * large.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = `${root}action/dist/index.js`;
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
const { output } = await build.generate({ format: "esm", minify: true, codeSplitting: false });
await build.close();
const [{ code }, ...others] = output;
if (others.length > 0) fail("the Action would be more than one file");
if (Buffer.byteLength(code) > MOST)
  fail(`action/dist/index.js has ${Buffer.byteLength(code)} bytes, more than ${MOST}`);
if (!process.argv.includes("--check")) {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, code);
} else if (!existsSync(target) || readFileSync(target, "utf8") !== code)
  fail("action/dist/index.js is out of date; run: npm run bundle");

function fail(why: string): void {
  console.error(why);
  process.exitCode = 1;
}
