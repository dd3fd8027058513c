#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { check } from "./commands/check.ts";
import { config } from "./commands/config.ts";
import { Usage } from "./commands/usage.ts";
import { InvalidFile } from "./work/invalid-file.ts";

const HELP = `countersign: change approval for AI systems

Usage
  countersign check [options]     what changed, how risky it is, who must approve
  countersign config <command>    check, print or explain policy and registry

Examples
  countersign check                         uncommitted changes and commits against the default branch
  countersign check --base main --head HEAD --format json
  countersign config check

'countersign <command> --help' has the options.
`;

const io = {
  stdout: (text: string): void => void process.stdout.write(text),
  stderr: (text: string): void => void process.stderr.write(text),
  readFile: (path: string): Promise<Uint8Array> => readFile(path),
  color: process.stdout.isTTY === true && !process.env["NO_COLOR"],
  progress: process.stderr.isTTY === true,
  now: (): string => new Date().toISOString(),
  fingerprintKey: process.env["COUNTERSIGN_FINGERPRINT_KEY"],
};

const COMMANDS = { check, config };

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    io.stdout(HELP);
    return name === undefined ? 2 : 0;
  }
  if (name !== "check" && name !== "config")
    throw new Usage(`unknown command ${JSON.stringify(name)}; expected check or config`);
  return COMMANDS[name](rest, io);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (fault: unknown) => {
    const usage = fault instanceof Usage || fault instanceof InvalidFile;
    io.stderr(`countersign: ${fault instanceof Error ? fault.message : String(fault)}\n`);
    process.exitCode = usage ? 2 : 3;
  },
);
