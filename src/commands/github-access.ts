import { type AppIdentity, readIdentity, type SettingProblem } from "../environment.ts";
import type { CommandIo } from "./command-io.ts";
import { Usage } from "./usage.ts";

/** Which GitHub, and who asks it, by the environment. */
export interface GitHubAccess extends AppIdentity {
  /** A person's own token; null where none is set. */
  readonly token: string | null;
}

/** Reads the environment of a command that asks GitHub; what cannot be used there is a usage error. */
export function githubAccess({ environment = {} }: CommandIo): GitHubAccess {
  const read = readIdentity(environment);
  if ("problems" in read) {
    const [{ name, problem, remedy }] = read.problems as [SettingProblem];
    throw new Usage(`${name} ${problem}. ${remedy}`);
  }
  const { GITHUB_TOKEN, GH_TOKEN } = environment;
  const token = [GITHUB_TOKEN, GH_TOKEN].map((one) => one?.trim()).find((one) => one) ?? null;
  return { ...read.identity, token };
}
