/** Writes the tables of inputs and outputs in docs/action.md from action.yml; with --check only compares, and exits 1 when it is out of date. */
import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";

const page = new URL("../docs/action.md", import.meta.url);
const { inputs, outputs } = parse(readFileSync(new URL("../action.yml", import.meta.url), "utf8")) as {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
};

const row = (...cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const tables = {
  inputs: [
    row("input", "default", "what it is"),
    row("---", "---", "---"),
    ...Object.entries(inputs).map(([name, { description, default: value = "" }]) =>
      row(`\`${name}\``, value === "" ? "" : `\`${value}\``, description),
    ),
  ],
  outputs: [
    row("output", "what it is"),
    row("---", "---"),
    ...Object.entries(outputs).map(([name, { description }]) => row(`\`${name}\``, description)),
  ],
};

const present = readFileSync(page, "utf8");
const text = Object.entries(tables).reduce((before, [name, lines]) => {
  const [start, end] = [`<!-- ${name}: written by npm run action -->`, `<!-- end of ${name} -->`];
  const [from, to] = [before.indexOf(start), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/action.md lacks ${start} or ${end}`);
  return `${before.slice(0, from + start.length)}\n${lines.join("\n")}\n${before.slice(to)}`;
}, present);

if (!process.argv.includes("--check")) writeFileSync(page, text);
else if (text !== present) {
  console.error("docs/action.md is out of date; run: npm run action");
  process.exitCode = 1;
}
