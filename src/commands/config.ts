import type { CommandIo } from "./command-io.ts";
import { configCheck } from "./config-check.ts";
import { configPrint } from "./config-print.ts";
import { configSchema } from "./config-schema.ts";
import { Usage } from "./usage.ts";

const HELP = `countersign config: check, explain and print policy and registry

Usage
  countersign config check [options]     every problem with file, line and column, and what nobody could approve
  countersign config print [options]     the policy that holds, with defaults, and where each value comes from
  countersign config schema [NAME]       the JSON Schema of policy (default), registry, evaluation, doctor, facts,
                                         verification or evidence

Options of check and print
  --repo DIR         the repository (default: this folder; bare ones too)
  --rev REV          the revision to read (default: the working tree; in a bare repository the default branch)
  --policy FILE      a policy given by hand
  --registry FILE    a registry given by hand
  --baseline DIR     a folder with the organisation's countersign.yml (also under .github)
  --format FORMAT    text (default) or json
  -h, --help         this text

Exit code
  0  in order (warnings are printed)   2  wrong usage, or a file is invalid   3  fault

Examples
  countersign config check
  countersign config check --policy candidate.yml --registry ai-systems.yml
  countersign config print --rev main --baseline ../.github
  countersign config schema registry > ai-systems.schema.json
`;

const COMMANDS = { check: configCheck, print: configPrint, schema: configSchema };

/** `countersign config`: about the configuration itself. Returns the exit code. */
export async function config(args: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--help" || name === "-h" || rest.includes("--help") || rest.includes("-h")) {
    io.stdout(HELP);
    return 0;
  }
  if (name !== "check" && name !== "print" && name !== "schema")
    throw new Usage(
      `${name === undefined ? "a command is missing" : `unknown command ${JSON.stringify(name)}`}; expected config check, config print or config schema; see countersign config --help`,
    );
  return COMMANDS[name](rest, io);
}
