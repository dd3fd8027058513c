/** Runs the benches (or those named), prints each beside its yardstick, and exits 1 when a target is missed. */
import { acceptBench } from "./accept.ts";
import { actionBench } from "./action.ts";
import { checkBench } from "./check.ts";
import { detectionBench } from "./detection.ts";
import { enforcementBench } from "./enforcement.ts";
import { githubReadingBench } from "./github-reading.ts";
import { ledgerBench } from "./ledger.ts";
import { pathGlobs } from "./path-globs.ts";
import { readersBench } from "./readers.ts";
import { registryBench } from "./registry.ts";

const BENCHES = [
  acceptBench,
  actionBench,
  checkBench,
  detectionBench,
  enforcementBench,
  githubReadingBench,
  ledgerBench,
  pathGlobs,
  readersBench,
  registryBench,
];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(
    `no bench is named ${unknown.join(", ")}; expected some of ${BENCHES.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}
for (const bench of BENCHES.filter(({ name }) => names.length === 0 || names.includes(name))) {
  console.log(`\n${bench.name}`);
  for (const { what, value, yardstick, target, met } of await bench.run()) {
    console.log(`  ${met ? "met   " : "MISSED"} ${what}: ${value}; ${yardstick}; target ${target}`);
    if (!met) process.exitCode = 1;
  }
}
