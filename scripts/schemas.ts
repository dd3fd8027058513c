/** Writes schemas/*.schema.json; with --check only compares, and exits 1 when one is not what the program validates with. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { jsonSchemas } from "../src/schemas.ts";

const folder = fileURLToPath(new URL("../schemas/", import.meta.url));
const wanted = new Map(
  Object.entries(jsonSchemas()).map(([name, schema]) => [
    `${name}.schema.json`,
    `${JSON.stringify(schema, null, 2)}\n`,
  ]),
);
const checking = process.argv.includes("--check");
mkdirSync(folder, { recursive: true });
const stray = readdirSync(folder).filter((name) => !wanted.has(name));
const stale = [...wanted].filter(([name, text]) => read(folder + name) !== text).map(([name]) => name);

if (!checking) for (const [name, text] of wanted) writeFileSync(folder + name, text);
if (checking && stale.length + stray.length > 0) {
  console.error(`schemas/ is out of date (${[...stale, ...stray].join(", ")}); run: npm run schemas`);
  process.exitCode = 1;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
