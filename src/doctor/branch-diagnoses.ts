import type { Diagnosis } from "../reports/diagnosis.ts";
import type { Demands, InspectedBranch } from "./inspection.ts";

/** Stands for the branches in a sentence until it is known of how many it is true. */
export const ON = "\u0000";

/** What is to be said of each branch, once for all of which it is true. */
export function onBranches(
  branches: readonly InspectedBranch[],
  ofBranch: (branch: InspectedBranch) => readonly Diagnosis[],
): Diagnosis[] {
  const found = branches.flatMap((branch) => ofBranch(branch).map((diagnosis) => ({ branch, diagnosis })));
  return [...Map.groupBy(found, ({ diagnosis }) => JSON.stringify(diagnosis)).values()].flatMap((group) => {
    const on = branchesNamed(group.map(({ branch }) => branch));
    return group.slice(0, 1).map(({ diagnosis }) => ({ ...diagnosis, what: diagnosis.what.replaceAll(ON, on) }));
  });
}

function branchesNamed(branches: readonly InspectedBranch[]): string {
  const names = branches.map(branchNamed);
  return names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

function branchNamed({ name, exists, pattern }: InspectedBranch): string {
  return exists || pattern === null ? `\`${name}\`` : `a new branch of \`${pattern}\` (such as \`${name}\`)`;
}

/** Everything that is known to be demanded on a branch. */
export function demandsOn({ rules, protection }: InspectedBranch): readonly Demands[] {
  return [
    ...(rules.known ? rules.value : []),
    ...(protection.known && protection.value !== null ? [protection.value] : []),
  ];
}

/** Why something that may be demanded on a branch could not be seen. */
export function hiddenOn({ rules, protection }: InspectedBranch): readonly string[] {
  return [...new Set([...(rules.known ? [] : [rules.why]), ...(protection.known ? [] : [protection.why])])];
}
