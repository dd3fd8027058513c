#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { check } from "./commands/check.ts";
import type { CommandIo } from "./commands/command-io.ts";
import { config } from "./commands/config.ts";
import { exitCodeOf, faultText } from "./commands/fault.ts";
import { simulate } from "./commands/simulate.ts";
import { Usage } from "./commands/usage.ts";
import { nearest } from "./governance/nearest.ts";

const COMMANDS: Readonly<Record<string, (args: readonly string[], io: CommandIo) => Promise<number>>> = {
  check,
  config,
  simulate,
};

const HELP = `countersign: change approval for AI systems

Usage
  countersign check [options]       what changed, how risky it is, who must approve
  countersign config check          problems of policy and registry
  countersign config print          the policy that holds, with the origin of each value
  countersign config schema NAME    the JSON Schema of policy, registry, evaluation or facts
  countersign simulate [options]    what a history would have met under candidate rules
  countersign --version

Examples
  countersign check                         commits and uncommitted changes against the default branch
  countersign check --base main --head HEAD --format json
  countersign config check

'countersign <command> --help' has the options.
`;

const io: CommandIo = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  readFile: (path) => readFile(path),
  color: process.stdout.isTTY === true && !process.env.NO_COLOR,
  progress: process.stderr.isTTY === true,
  now: () => new Date().toISOString(),
  index: process.env.GIT_INDEX_FILE,
  fingerprintKey: process.env.COUNTERSIGN_FINGERPRINT_KEY,
};

async function main([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    (name === undefined ? io.stderr : io.stdout)(HELP);
    return name === undefined ? 2 : 0;
  }
  if (name === "--version" || name === "-V") {
    io.stdout(`${JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version}\n`);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command(rest, io);
  const near = nearest(name, Object.keys(COMMANDS));
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  throw new Usage(`unknown command ${JSON.stringify(name)}; expected ${Object.keys(COMMANDS).join(", ")}${hint}`);
}

// A reader that has seen enough (`| head`) closes the pipe; the decision still is the exit code.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (fault: NodeJS.ErrnoException) => {
    if (fault.code !== "EPIPE") process.exitCode = 3;
  });

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (fault: unknown) => {
    io.stderr(faultText(fault));
    process.exitCode = exitCodeOf(fault);
  },
);
