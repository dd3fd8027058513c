import { RepositoryProblem } from "../git/repository-problem.ts";
import { nearest } from "../governance/nearest.ts";
import { InvalidFile } from "../work/invalid-file.ts";
import type { CommandIo } from "./command-io.ts";
import { programVersion } from "./program-version.ts";
import { Usage } from "./usage.ts";

/** Each starts without what the others take. */
const COMMANDS: Readonly<Record<string, (args: readonly string[], io: CommandIo) => Promise<number>>> = {
  check: async (args, io) => (await import("./check.ts")).check(args, io),
  config: async (args, io) => (await import("./config.ts")).config(args, io),
  baseline: async (args, io) => (await import("./baseline.ts")).baseline(args, io),
  doctor: async (args, io) => (await import("./doctor.ts")).doctor(args, io),
  checkpoint: async (args, io) => (await import("./checkpoint.ts")).checkpoint(args, io),
  export: async (args, io) => (await import("./export.ts")).exportRecords(args, io),
  verify: async (args, io) => (await import("./verify.ts")).verify(args, io),
  simulate: async (args, io) => (await import("./simulate.ts")).simulate(args, io),
};

const HELP = `countersign: change approval for AI systems

Usage
  countersign check [options]       what changed, how risky it is, who must approve
  countersign config check          problems of policy and registry
  countersign config print          the policy that holds, with the origin of each value
  countersign config schema NAME    one of the published JSON Schemas, such as policy
  countersign doctor [options]      whether the gate of a repository at GitHub holds
  countersign baseline forget       has an App forget the organisation's policy
  countersign simulate [options]    what a history would have met under candidate rules
  countersign verify SOURCE         whether the records of a ledger are whole, in order and signed; offline
  countersign checkpoint SOURCE     how a ledger stands, signed, to be kept outside
  countersign export SOURCE         records in a file that verifies without this system
  countersign --version

Examples
  countersign check                         commits and uncommitted changes against the default branch
  countersign check --base main --head HEAD --format json
  countersign config check

'countersign <command> --help' has the options.
`;

/** Runs one command to its end. Returns the exit code: a fault becomes one sentence and 3, what the caller can put right 2. */
export async function run(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    return await dispatch(args, io);
  } catch (fault) {
    io.stderr(`countersign: ${fault instanceof Error ? fault.message : String(fault)}\n`);
    return fault instanceof Usage || fault instanceof InvalidFile || fault instanceof RepositoryProblem ? 2 : 3;
  }
}

async function dispatch([name, ...rest]: readonly string[], io: CommandIo): Promise<number> {
  if (name === undefined) {
    io.stderr(HELP);
    return 2;
  }
  if (name === "--help" || name === "-h" || name === "help") {
    io.stdout(HELP);
    return 0;
  }
  if (name === "--version" || name === "-V") {
    io.stdout(`${programVersion()}\n`);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command(rest, io);
  const near = nearest(name, Object.keys(COMMANDS));
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  throw new Usage(
    `unknown command ${JSON.stringify(name)}; expected ${Object.keys(COMMANDS).join(", ")}${hint}; see countersign --help`,
  );
}
