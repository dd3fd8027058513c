import type { Diagnosis } from "../reports/diagnosis.ts";
import { demandsOn, hiddenOn, ON, onBranches } from "./branch-diagnoses.ts";
import type { Bypasser, Demands, InspectedBranch, InspectedPlace, Inspection } from "./inspection.ts";

/** What is asked about the rules of branches. */
export interface InspectedRules extends Pick<Inspection, "place" | "branches"> {
  readonly app: Pick<Inspection["app"], "id">;
  readonly configuration: { readonly policy: Pick<Inspection["configuration"]["policy"], "mode"> };
}

/** Whether GitHub itself holds back what the App has not passed, branch by branch (P11, S21). */
export function rulesDiagnoses(inspection: InspectedRules): Diagnosis[] {
  const { place, branches } = inspection;
  if (!place.rulesOffered) return [notOffered(place)];
  return onBranches(branches, (branch) => ofBranch(branch, inspection));
}

function notOffered({ server, owner, name, ownedByOrganization }: InspectedPlace): Diagnosis {
  return said("offered", {
    state: "problem",
    what: "the account's plan has no rules for private repositories, so no check can be required",
    why: "only a required check keeps a pull request from merging",
    fix: `upgrade at ${ownedByOrganization ? `${server}/organizations/${owner}/settings/billing` : `${server}/settings/billing`}, or make ${name} public`,
  });
}

const said = (id: string, rest: Omit<Diagnosis, "id" | "area">): Diagnosis => ({
  id: `rules/${id}`,
  area: "rules",
  ...rest,
});

function ofBranch(branch: InspectedBranch, inspection: InspectedRules): Diagnosis[] {
  const demands = demandsOn(branch);
  const holders = demands.filter(({ checks }) => checks.some(({ name }) => name === branch.checkName));
  const { id } = inspection.app;
  const pinned = holders.filter(({ checks }) =>
    checks.some(({ name, app }) => name === branch.checkName && app !== null && app === id),
  );
  const required = requiredBy(branch, holders, pinned, inspection);
  if (pinned.length === 0) return [required];
  return [required, bypass(pinned), current(demands, pinned), forcePush(branch, demands, inspection.place)];
}

const REQUIRED = "only a required check from this App keeps a pull request from merging";

function requiredBy(
  branch: InspectedBranch,
  holders: readonly Demands[],
  pinned: readonly Demands[],
  { app, configuration, place }: InspectedRules,
): Diagnosis {
  const check = `\`${branch.checkName}\``;
  if (pinned.length > 0)
    return said("required", {
      state: "ok",
      what: `${check} of this App is required on ${ON} (${sources(pinned)})`,
      why: REQUIRED,
      fix: null,
    });
  if (holders.length > 0) return requiredOfOthers(branch, holders, app.id, place);
  const rules = `${place.server}/${place.owner}/${place.name}/settings/rules`;
  const hidden = hiddenOn(branch);
  if (hidden.length > 0)
    return said("required", {
      state: "unknown",
      what: `whether ${check} is required on ${ON}: ${hidden.join("; ")}`,
      why: REQUIRED,
      fix: `run doctor with an administrator's token, or look at ${rules}`,
    });
  const observing = configuration.policy.mode === "observe";
  return said("required", {
    state: observing ? "warning" : "problem",
    what: `${check} is not required on ${ON}${observing ? " (the policy only observes so far)" : ""}`,
    why: REQUIRED,
    fix: `${rulesetCommand(app.id, place)}, then import it at ${rules}`,
  });
}

/** A rule that requires a check of the name, but takes it from others than this App. */
function requiredOfOthers(
  branch: InspectedBranch,
  holders: readonly Demands[],
  id: number | null,
  place: InspectedPlace,
): Diagnosis {
  const required = `\`${branch.checkName}\` is required on ${ON}`;
  const anybody = holders.filter(({ checks }) =>
    checks.some(({ name, app }) => name === branch.checkName && app === null),
  );
  if (anybody.length > 0)
    return said("required", {
      state: "problem",
      what: `${required}, but from any source (${sources(anybody)})`,
      why: "everybody with write access can post a check of that name and merge",
      fix: `choose the App as the check's source at ${urlOf(anybody, place)}`,
    });
  const others = `${appsOf(branch, holders)} (${sources(holders)})`;
  const why = "the check of any other App says nothing of what this one found";
  if (id === null)
    return said("required", {
      state: "unknown",
      what: `${required} from App ${others}; whether that is yours was not said`,
      why,
      fix: "give --app-id NUMBER",
    });
  return said("required", {
    state: "problem",
    what: `${required}, but from another App: ${others}`,
    why,
    fix: `choose App ${id} as the check's source at ${urlOf(holders, place)}`,
  });
}

function rulesetCommand(app: number | null, { owner, name }: InspectedPlace): string {
  return `countersign doctor --repository ${owner}/${name} --app-id ${app ?? "NUMBER"} --write-ruleset ruleset.json`;
}

function sources(demands: readonly Demands[]): string {
  return [...new Set(demands.map(({ source }) => source))].join(", ");
}

function urlOf(demands: readonly Demands[], { server, owner, name }: InspectedPlace): string {
  return demands.find(({ url }) => url !== null)?.url ?? `${server}/${owner}/${name}/settings/rules`;
}

function appsOf({ checkName }: InspectedBranch, holders: readonly Demands[]): string {
  const apps = holders.flatMap(({ checks }) => checks.flatMap(({ name, app }) => (name === checkName ? [app] : [])));
  return [...new Set(apps)].join(", ");
}

/** Where two rules require the check, who wants to pass has to pass both: one without exceptions is enough. */
function bypass(pinned: readonly Demands[]): Diagnosis {
  const why = "whoever passes the rule by merges without any approval";
  const closed = pinned.find(({ bypass: who }) => who.known && who.value.length === 0);
  if (closed)
    return said("bypass", {
      state: "ok",
      what: `nobody may bypass the check on ${ON} (${closed.source})`,
      why,
      fix: null,
    });
  const hidden = pinned.flatMap(({ source, bypass: who }) => (who.known ? [] : [`${source}: ${who.why}`]));
  if (hidden.length > 0)
    return said("bypass", {
      state: "unknown",
      what: `who may bypass the check on ${ON}: ${hidden.join("; ")}`,
      why,
      fix: "run doctor with the token of somebody who may edit the rule (an owner of the organisation for its own)",
    });
  const who = pinned.flatMap(({ bypass: list }) => (list.known ? list.value : []));
  const url = pinned.find((one) => one.url !== null)?.url;
  return said("bypass", {
    state: who.some(({ everybody }) => everybody) ? "problem" : "warning",
    what: `${namesOf(who)} may bypass the check on ${ON} (${sources(pinned)})`,
    why,
    fix: `keep the bypass list empty, or to the few who must act when the App is down${url == null ? "" : `: ${url}`}`,
  });
}

function namesOf(who: readonly Bypasser[]): string {
  const names = who.map(({ name, onPullRequests }) => (onPullRequests ? `${name} (on pull requests)` : name));
  return [...new Set(names)].join(", ");
}

function current(demands: readonly Demands[], pinned: readonly Demands[]): Diagnosis {
  const why =
    "two pull requests that were each approved may together undo what both kept, until the App has looked again";
  const queue = demands.find(({ mergeQueue }) => mergeQueue);
  const strict = pinned.find((one) => one.strict);
  if (queue ?? strict)
    return said("up-to-date", {
      state: "ok",
      what: queue
        ? `a merge queue tests what lands on ${ON} (${queue.source})`
        : `pull requests into ${ON} must be up to date (${strict?.source})`,
      why,
      fix: null,
    });
  const url = urlOrNone(pinned);
  return said("up-to-date", {
    state: "warning",
    what: `pull requests into ${ON} may merge without being up to date, and there is no merge queue`,
    why,
    fix: `choose "Require branches to be up to date before merging"${url}, or a merge queue`,
  });
}

function forcePush(branch: InspectedBranch, demands: readonly Demands[], place: InspectedPlace): Diagnosis {
  const why = "an older commit that once passed can be put back in place of what was approved since";
  const refusing = demands.find((one) => one.forcePushRefused);
  if (refusing)
    return said("force-push", {
      state: "ok",
      what: `force-pushes to ${ON} are refused (${refusing.source})`,
      why,
      fix: null,
    });
  const hidden = hiddenOn(branch);
  return said("force-push", {
    state: hidden.length > 0 ? "unknown" : "warning",
    what:
      hidden.length > 0
        ? `whether force-pushes to ${ON} are refused: ${hidden.join("; ")}`
        : `${ON} can be force-pushed`,
    why,
    fix: `choose "Block force pushes" at ${urlOf(demands, place)}`,
  });
}

function urlOrNone(demands: readonly Demands[]): string {
  const url = demands.find((one) => one.url !== null)?.url;
  return url == null ? "" : ` at ${url}`;
}
