import type { Diagnosis } from "../reports/diagnosis.ts";
import type { InspectedConfiguration, InspectedFile, InspectedPlace, Inspection } from "./inspection.ts";

/** Whether policy, registry and the organisation's baseline can be read, and whether they enforce. */
export function configurationDiagnoses({ place, configuration }: Inspection): Diagnosis[] {
  return [
    ...configuration.files.map((file) => fileSaid(file, place)),
    ...mode(configuration, place),
    ...baseline(configuration, place),
    ...configuration.loosened.map((sentence) =>
      said("loosened", {
        state: "warning",
        what: `${sentence} The baseline's value holds.`,
        why: "who reads the repository's file alone takes it for what holds",
        fix: `write the baseline's value, or leave it out: ${edit(place, ".github/countersign.yml")}`,
      }),
    ),
  ];
}

const said = (id: string, rest: Omit<Diagnosis, "id" | "area">): Diagnosis => ({
  id: `configuration/${id}`,
  area: "configuration",
  ...rest,
});

/** Where a file of the default branch is edited. */
export function edit({ server, owner, name, defaultBranch }: InspectedPlace, path: string): string {
  return `${server}/${owner}/${name}/edit/${encodeURI(defaultBranch)}/${path}`;
}

/** Whether anybody wrote down who approves: the repository, or the organisation. */
export function hasPolicy({ files, baseline }: InspectedConfiguration): boolean {
  return files[0]?.state !== "absent" || (baseline.known && baseline.value === "valid");
}

function fileSaid({ path, state }: InspectedFile, place: InspectedPlace): Diagnosis {
  const why = "rules are read from the default branch; while they cannot be read, governed changes are blocked";
  if (state === "valid") return said("valid", { state: "ok", what: `${path} is valid`, why, fix: null });
  if (state === "absent")
    return said("valid", {
      state: "ok",
      what: `${path} is absent${path.endsWith("countersign.yml") ? " (the built-in policy holds)" : " (no system is registered)"}`,
      why,
      fix: null,
    });
  const [first = "", ...more] = state.problems;
  return said("valid", {
    state: "problem",
    what: `${first}${more.length > 0 ? ` (and ${more.length} more)` : ""}`,
    why,
    fix: `correct it at ${edit(place, path)}; \`countersign config check\` lists everything`,
  });
}

function mode(configuration: InspectedConfiguration, place: InspectedPlace): Diagnosis[] {
  const { policy } = configuration;
  const why = "only what is enforced can hold a pull request back";
  if (!hasPolicy(configuration))
    return [
      said("mode", {
        state: "warning",
        what: "there is no policy: the built-in one only observes, so the check always passes",
        why,
        fix: `write one that says who approves: ${place.server}/${place.owner}/${place.name}/new/${encodeURI(place.defaultBranch)}?filename=.github/countersign.yml`,
      }),
    ];
  if (policy.mode === "observe")
    return [
      said("mode", {
        state: "warning",
        what: "the policy only observes: the check always passes",
        why,
        fix: `write \`mode: enforce\` when you are ready: ${edit(place, ".github/countersign.yml")}`,
      }),
    ];
  return [
    said("mode", {
      state: "ok",
      what:
        policy.enforceFrom === "low"
          ? "the policy enforces"
          : `the policy enforces from tier ${policy.enforceFrom}; below, it advises`,
      why,
      fix: null,
    }),
  ];
}

function baseline({ baseline: found }: InspectedConfiguration, { server, owner }: InspectedPlace): Diagnosis[] {
  const why =
    "without a baseline whoever may edit this repository's policy decides alone what the organisation asks for";
  const file = `${server}/${owner}/.github`;
  if (!found.known)
    return [
      said("baseline", {
        state: "unknown",
        what: `whether the organisation has a baseline: ${found.why}`,
        why,
        fix: `look at ${file}, or use a token that reads it`,
      }),
    ];
  if (found.value === "none") return [];
  if (found.value === "valid")
    return [
      said("baseline", { state: "ok", what: `${owner}/.github holds the organisation's baseline`, why, fix: null }),
    ];
  if (found.value === "absent")
    return [
      said("baseline", {
        state: "warning",
        what: `the organisation ${owner} has no baseline`,
        why,
        fix: `write .github/countersign.yml in the repository ${file}, and install the App on it`,
      }),
    ];
  return [
    said("baseline", {
      state: "problem",
      what: `the organisation's baseline cannot be used: ${found.value.invalid}`,
      why: "the last one that could be read stays in force, if there was one; else governed changes are blocked",
      fix: `correct it at ${file}`,
    }),
  ];
}
