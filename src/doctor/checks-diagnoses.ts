import type { RevalidationCheck } from "../core/policy.ts";
import type { Diagnosis } from "../reports/diagnosis.ts";
import { edit } from "./configuration-diagnoses.ts";
import type { CheckHistory, InspectedPlace, Inspection } from "./inspection.ts";

/** Whether the checks that the policy names were ever reported by whom it expects (P11, S16). */
export function checksDiagnoses({ configuration, checks, place }: Inspection): Diagnosis[] {
  return Object.entries(configuration.policy.checks).map(([key, check]) => {
    const seen = checks.get(key);
    if (seen?.known) return judged(key, check, seen.value, place);
    return said({
      state: "unknown",
      what: `whether ${nameOf(key, check)} is ever reported: ${seen?.why ?? "not asked"}`,
      why: WHY,
      fix: `look at ${place.server}/${place.owner}/${place.name}/actions`,
    });
  });
}

const WHY = "a check that never comes blocks every change that needs it";

const said = (rest: Omit<Diagnosis, "id" | "area">): Diagnosis => ({ id: "checks/reported", area: "checks", ...rest });

function nameOf(key: string, { name }: RevalidationCheck): string {
  return `\`${name}\` (checks.${key})`;
}

function judged(key: string, check: RevalidationCheck, history: CheckHistory, place: InspectedPlace): Diagnosis {
  const name = nameOf(key, check);
  const correct = edit(place, ".github/countersign.yml");
  const from = check.workflow === undefined ? `the App ${check.app}` : check.workflow;
  if (history.workflow === false)
    return said({
      state: "problem",
      what: `${name}: the workflow ${from} is not on the default branch`,
      why: WHY,
      fix: `add the workflow, or correct its path at ${correct}`,
    });
  if (history.names.includes(check.name))
    return said({ state: "ok", what: `${name} was reported lately by ${from}`, why: WHY, fix: null });
  if (history.others.length > 0)
    return said({
      state: "problem",
      what: `${name} is reported by ${history.others.join(", ")}, not by ${from}`,
      why: "a result of another App does not count, since anybody can post a check of that name",
      fix: `write \`app: ${history.others[0]}\` if that is who reports it: ${correct}`,
    });
  if (history.names.length > 0)
    return said({
      state: "problem",
      what: `${name}: ${from} reports no such check; it reports ${history.names
        .slice(0, 5)
        .map((one) => `\`${one}\``)
        .join(", ")}`,
      why: WHY,
      fix: `correct the name at ${correct}`,
    });
  const workflow = check.workflow !== undefined;
  const newest = (noun: string) =>
    history.looked === 1 ? `the newest ${noun}` : `the newest ${history.looked} ${noun}s`;
  return said({
    state: "warning",
    what:
      workflow && history.looked === 0
        ? `${name}: ${from} has not run yet`
        : `${name} was not reported ${workflow ? `in ${newest("run")}` : `on ${newest("commit")}`}`,
    why: WHY,
    fix: workflow ? `run ${from} once, and run doctor again` : "run it once on a pull request, and run doctor again",
  });
}
