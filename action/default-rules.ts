import type { Enforcement } from "../src/enforcement/enforcement.ts";
import { noFile, presentRules, sourcesFor } from "../src/enforcement/matter.ts";
import { readConfiguration } from "../src/work/configuration.ts";
import type { HostedRepository } from "../src/work/hosting.ts";
import { InvalidInput } from "./inputs.ts";

/** Policy and registry as the default branch has them now. */
export async function defaultRules(repository: HostedRepository, parts: Enforcement) {
  const place = await repository.landings.place();
  const head = await repository.landings.branchHead(place.defaultBranch);
  if (head === null) throw new InvalidInput(`the default branch ${place.defaultBranch} has no commit`);
  const defaultBranch = { name: place.defaultBranch, head };
  const { policy, organization } = await presentRules(repository, { ...place, defaultBranch }, parts);
  const sources = { ...sourcesFor(repository, organization), base: head, head, rules: head };
  const { registry, faults } = await readConfiguration(repository, sources, noFile, parts);
  return { defaultBranch, policy, registry: registry.base, faults };
}
