import type { Policy } from "../core/policy.ts";
import type { Registry } from "../core/registry.ts";
import { openRepository, type Repository } from "../git.ts";
import { type Parsed, parsePolicy, parseRegistry } from "../governance/configuration-file.ts";
import { POLICY_PATH, REGISTRY_PATH, readBaseline, readGiven } from "../work/configuration.ts";
import type { CommandIo } from "./command-io.ts";
import { readOptions } from "./read-options.ts";
import { Usage } from "./usage.ts";

/** A configuration file and what reading it gave; null where it is absent. */
export interface ConfigDocument<T> {
  readonly file: string;
  readonly parsed: Parsed<T> | null;
}

/** What the `config` commands look at. */
export interface ConfigDocuments {
  readonly format: "text" | "json";
  readonly policy: ConfigDocument<Policy>;
  readonly registry: ConfigDocument<Registry>;
  readonly baseline: Policy | null;
}

const OPTIONS = {
  repo: { type: "string", default: "." },
  rev: { type: "string" },
  policy: { type: "string" },
  registry: { type: "string" },
  baseline: { type: "string" },
  format: { type: "string", default: "text" },
} as const;

/** Reads the options that the `config` commands share and the files they name. */
export async function configDocuments(
  command: string,
  args: readonly string[],
  io: CommandIo,
): Promise<ConfigDocuments> {
  const values = readOptions(command, args, OPTIONS);
  const { format } = values;
  if (format !== "text" && format !== "json")
    throw new Usage(`--format is ${JSON.stringify(format)}; expected text or json`);
  const baseline = await readBaseline(values.baseline, io.readFile);
  // Both given by hand: no repository is needed.
  const needed = values.policy === undefined || values.registry === undefined;
  const repository = needed ? await openRepository(values.repo) : null;
  try {
    const revision = repository ? await revisionOf(repository, values.rev) : "";
    const read = async <T>(
      given: string | undefined,
      path: string,
      parse: (bytes: Uint8Array, file: string) => Parsed<T>,
    ) => {
      if (given !== undefined) return { file: given, parsed: parse(await readGiven(given, io.readFile), given) };
      const found = (await repository?.blobAt(revision, path)) ?? null;
      return { file: path, parsed: found ? parse(found.bytes, path) : null };
    };
    return {
      format,
      baseline,
      policy: await read(values.policy, POLICY_PATH, (bytes, file) => parsePolicy(bytes, file, baseline)),
      registry: await read(values.registry, REGISTRY_PATH, parseRegistry),
    };
  } finally {
    await repository?.close();
  }
}

async function revisionOf(repository: Repository, rev: string | undefined): Promise<string> {
  if (rev !== undefined) return repository.commitId(rev);
  if (!repository.bare) return "worktree";
  const branch = await repository.defaultBranch();
  if (branch === null) throw new Usage("the default branch is not known; name the revision to read with --rev REV");
  return repository.commitId(branch);
}
