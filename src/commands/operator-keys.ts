import { existsSync } from "node:fs";
import { type OperatorSigner, operatorSigner, ownKeyPath } from "../signing/operator-signer.ts";
import { readSigning } from "../signing/signing-settings.ts";
import type { CommandIo } from "./command-io.ts";
import { Usage } from "./usage.ts";

/** What the operator signs with, as the App has it: from the environment, or the key beside the database. None is made. */
export function operatorKeys(folder: string | null, io: CommandIo): OperatorSigner {
  const environment = io.environment ?? {};
  const read = readSigning(environment);
  if ("problems" in read)
    throw new Usage(read.problems.map(({ name, problem, remedy }) => `${name} ${problem}. ${remedy}`).join("\n"));
  const own = read.signing.with.kind === "own";
  if (own && (folder === null || !existsSync(ownKeyPath(folder))))
    throw new Usage(
      "there is no key to sign with: set COUNTERSIGN_SIGNING_KEY, COUNTERSIGN_SIGNING_KEY_PATH or COUNTERSIGN_SIGNER as for the App, or name its database, beside which the key lies that it made itself",
    );
  return operatorSigner(read.signing, folder ?? ".", environment);
}
