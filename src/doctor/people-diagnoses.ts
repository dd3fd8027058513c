import type { EffectivePolicy } from "../core/policy.ts";
import { shortages } from "../governance/shortage.ts";
import type { Diagnosis } from "../reports/diagnosis.ts";
import { edit, hasPolicy } from "./configuration-diagnoses.ts";
import type { Inspection } from "./inspection.ts";
import { type NamedReference, namedReferences } from "./named-references.ts";

/** Whether those that policy and registry name exist and may approve, and whether they are enough (S09, S15, P24). */
export function peopleDiagnoses(inspection: Inspection): Diagnosis[] {
  const { policy, registry } = inspection.configuration;
  const names = namedReferences(policy, registry);
  const said = names.flatMap((name) =>
    isTeam(name.reference) ? teamSaid(name, inspection) : personSaid(name, inspection),
  );
  return [...said, ...summary(names.length, said), ...satisfiable(inspection)];
}

const diagnosis = (id: string, rest: Omit<Diagnosis, "id" | "area">): Diagnosis => ({
  id: `people/${id}`,
  area: "people",
  ...rest,
});

const WRITERS: ReadonlySet<string> = new Set(["write", "maintain", "admin"]);
const EXISTS = "a login that nobody has can be registered by anybody, who would then hold what it is named for";

const UNREAD = "while a team has no member that can be read, nobody fills the roles that it is named for";

function isTeam(reference: string): boolean {
  return reference.includes("/");
}

function keyOf(reference: string): string {
  return reference.slice(1).toLowerCase();
}

/** Where somebody is named, in a sentence. */
function named({ reference, places }: NamedReference): string {
  const more = places.length - 3;
  return `${reference} (${places.slice(0, 3).join(", ")}${more > 0 ? ` and ${more} more` : ""})`;
}

function fileOf({ places }: NamedReference): string {
  return places.every((place) => /^(?:system|identity|provider) /.test(place))
    ? ".github/ai-systems.yml"
    : ".github/countersign.yml";
}

function personSaid(name: NamedReference, inspection: Inspection): Diagnosis[] {
  const { place } = inspection;
  const seen = inspection.people.get(keyOf(name.reference));
  const why = "an approval counts only from a person with write access, or an active member of the organisation";
  const access = `${place.server}/${place.owner}/${place.name}/settings/access`;
  if (!seen?.known)
    return [
      diagnosis("exists", {
        state: "unknown",
        what: `whether ${named(name)} exists and may approve: ${seen?.why ?? "not asked"}`,
        why: EXISTS,
        fix: `look at ${place.server}/${keyOf(name.reference)}`,
      }),
    ];
  if (seen.value === null)
    return [
      diagnosis("exists", {
        state: "problem",
        what: `${named(name)} is nobody at ${new URL(place.server).host}`,
        why: EXISTS,
        fix: `name somebody else at ${edit(place, fileOf(name))}`,
      }),
    ];
  if (seen.value.type !== "User")
    return [
      diagnosis("exists", {
        state: "problem",
        what: `${named(name)} is no person (${seen.value.type})`,
        why: "bots, Apps and organisations approve nothing",
        fix: `name a person, or a team as @organisation/team, at ${edit(place, fileOf(name))}`,
      }),
    ];
  if (!name.approves) return [];
  const counts = eligible(keyOf(name.reference), inspection);
  if (counts === true) return [];
  const has = seen.value.access === "none" ? "no access" : `only ${seen.value.access} access`;
  const outside = place.ownedByOrganization ? ` and is no member of ${place.owner}` : "";
  return [
    diagnosis("access", {
      state: counts === null ? "unknown" : "warning",
      what:
        counts === null
          ? `whether ${named(name)} has write access${place.ownedByOrganization ? ` or is a member of ${place.owner}` : ""}`
          : `${named(name)} has ${has}${outside}, so their approvals do not count`,
      why,
      fix: `give them write access at ${access}`,
    }),
  ];
}

/** Whether an approval of theirs would count; null where that could not be seen. */
function eligible(login: string, { people, teams }: Inspection): boolean | null {
  const inTeam = [...teams.values()].some((team) => team.known && team.value?.members.includes(login));
  const person = people.get(login);
  if (!person?.known) return inTeam ? true : null;
  if (person.value?.type !== "User") return false;
  const { access, member } = person.value;
  if (inTeam || member === true || (access !== null && WRITERS.has(access))) return true;
  return access === null || member === null ? null : false;
}

function teamSaid(name: NamedReference, { teams, place }: Inspection): Diagnosis[] {
  const [organisation, slug] = keyOf(name.reference).split("/");
  const correct = edit(place, fileOf(name));
  const say = (state: Diagnosis["state"], what: string, fix: string, why = UNREAD) => [
    diagnosis("team", { state, what, why, fix }),
  ];
  if (organisation !== place.owner.toLowerCase())
    return say(
      "problem",
      `${named(name)} is no team of ${place.owner}, which owns the repository`,
      `name a team of ${place.owner}, or people, at ${correct}`,
      "an App sees the teams of the organisation that it is installed on, and no others",
    );
  const url = `${place.server}/orgs/${organisation}/teams`;
  const seen = teams.get(keyOf(name.reference));
  if (!seen?.known)
    return say("unknown", `who is in ${named(name)}: ${seen?.why ?? "not asked"}`, `look at ${url}/${slug}`);
  if (seen.value === null)
    return say(
      "problem",
      `${place.owner} has no team ${named(name)}, or does not show it`,
      `look at ${url}, and make it or name another at ${correct}`,
    );
  if (seen.value.members.length === 0)
    return say("problem", `${named(name)} has no active member`, `add people at ${url}/${slug}/members`);
  if (seen.value.access !== false) return [];
  return say(
    "warning",
    `${named(name)} has no access to the repository`,
    `give it write access at ${place.server}/${place.owner}/${place.name}/settings/access`,
    "its members cannot be asked for a review, and see a private repository not at all",
  );
}

function summary(count: number, said: readonly Diagnosis[]): Diagnosis[] {
  if (said.length > 0 || count === 0) return [];
  const what = `${count === 1 ? "the one person or team" : `all ${count} people and teams`} that are named exist and may approve`;
  return [diagnosis("exists", { state: "ok", what, why: EXISTS, fix: null })];
}

/** Whether the people who exist now could fill every tier. What could not be seen is left in place, and said. */
function satisfiable(inspection: Inspection): Diagnosis[] {
  const { policy, registry, files } = inspection.configuration;
  const why = "a change that reaches such a tier is blocked until the policy names enough people";
  // Of a file that cannot be read, or that nobody wrote, that is said already.
  if (files.some(({ state }) => typeof state === "object") || !hasPolicy(inspection.configuration)) return [];
  const hidden: string[] = [];
  const roles = Object.fromEntries(
    Object.entries(policy.roles).map(([role, holders]) => [
      role,
      holders.flatMap((one) => present(one, inspection, hidden)),
    ]),
  );
  const short = shortages({ ...policy, roles } as EffectivePolicy, registry);
  const found = short.map(({ fatal, sentence, file, path }) =>
    diagnosis("enough", {
      state: fatal ? (policy.mode === "observe" ? "warning" : "problem") : "warning",
      what: counted(sentence, path, policy, roles),
      why,
      fix: `edit ${edit(inspection.place, file === "policy" ? ".github/countersign.yml" : ".github/ai-systems.yml")}`,
    }),
  );
  const unseen = [...new Set(hidden)];
  if (unseen.length > 0)
    found.push(
      diagnosis("enough", {
        state: "unknown",
        what: `whether every tier can be met: ${unseen.slice(0, 5).join(", ")}${unseen.length > 5 ? " and others" : ""} could not be seen`,
        why,
        fix: "run doctor with a token that may read them",
      }),
    );
  if (found.length > 0) return found;
  return [diagnosis("enough", { state: "ok", what: "every tier can be met by people who exist now", why, fix: null })];
}

/** The people behind a reference whose approval would count; who cannot be seen counts as one that is there. */
function present(reference: string, inspection: Inspection, hidden: string[]): readonly string[] {
  if (isTeam(reference)) {
    // Of another organisation: the App sees nobody in it.
    if (!keyOf(reference).startsWith(`${inspection.place.owner.toLowerCase()}/`)) return [];
    const team = inspection.teams.get(keyOf(reference));
    if (team?.known) return (team.value?.members ?? []).map((login) => `@${login}`);
    hidden.push(reference);
    return [reference];
  }
  const counts = eligible(keyOf(reference), inspection);
  if (counts === null) hidden.push(reference);
  return counts === false ? [] : [reference];
}

/** Says that names are there which count for nothing, where they do. */
function counted(
  sentence: string,
  [field, role]: readonly (string | number)[],
  policy: EffectivePolicy,
  roles: Readonly<Record<string, readonly string[]>>,
): string {
  const name = String(role);
  const [named, left] = [policy.roles[name]?.length ?? 0, roles[name]?.length ?? 0];
  return field === "roles" && named > 0 && left === 0 ? `${sentence} (those named now do not count)` : sentence;
}
