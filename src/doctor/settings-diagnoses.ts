import type { Diagnosis } from "../reports/diagnosis.ts";
import { demandsOn, hiddenOn, ON, onBranches } from "./branch-diagnoses.ts";
import type { Demands, Inspection, ReviewDemands } from "./inspection.ts";

/** What GitHub asks of people beside what Countersign asks, and often for the same thing a second time (S10). */
export function settingsDiagnoses({ branches, place }: Inspection): Diagnosis[] {
  if (!place.rulesOffered) return [];
  const asked = onBranches(branches, (branch) => [
    ...demandsOn(branch).flatMap(twice),
    ...hiddenOn(branch).map((why) =>
      said({
        state: "unknown",
        what: `which reviews GitHub itself asks for on ${ON}: ${why}`,
        why: WHY,
        fix: `run doctor with an administrator's token, or look at ${place.server}/${place.owner}/${place.name}/settings/rules`,
      }),
    ),
  ]);
  if (asked.length > 0) return asked;
  return [said({ state: "ok", what: "GitHub itself asks for no review", why: WHY, fix: null })];
}

const WHY = "what GitHub asks for itself, people are asked for beside what the App asks";

const said = (rest: Omit<Diagnosis, "id" | "area">): Diagnosis => ({
  id: "settings/reviews",
  area: "settings",
  ...rest,
});

const SETTINGS: readonly (readonly [
  asks: (reviews: ReviewDemands) => boolean,
  name: string,
  why: string,
  more: string,
])[] = [
  [
    ({ dismissStale }) => dismissStale,
    "Dismiss stale pull request approvals when new commits are pushed",
    "GitHub throws away approvals that still hold, since what they approved did not change",
    "; approvals bind to content already",
  ],
  [
    ({ codeOwners }) => codeOwners,
    "Require review from Code Owners",
    "CODEOWNERS grants no role here, so its owners are asked as well as those the policy names",
    ", or name the same people in the policy",
  ],
  [
    ({ lastPush }) => lastPush,
    "Require approval of the most recent reviewable push",
    "a push that leaves the governed content alone asks for an approval that the App does not need",
    "; whoever changed governed content does not count already",
  ],
];

function twice({ reviews, source, url }: Demands): Diagnosis[] {
  if (reviews === null) return [];
  const at = url === null ? ` in the ${source}` : ` at ${url}`;
  const settings = SETTINGS.flatMap(([asks, name, why, more]) =>
    asks(reviews)
      ? [
          said({
            state: "warning",
            what: `on ${ON}: "${name}" (${source})`,
            why,
            fix: `switch it off${at}${more}`,
          }),
        ]
      : [],
  );
  if (reviews.count === 0) return settings;
  return [
    ...settings,
    said({
      state: "warning",
      what: `on ${ON}: ${reviews.count} required approval${reviews.count === 1 ? "" : "s"} on every pull request (${source})`,
      why: "they are asked for ungoverned changes too, and on governed ones they count by GitHub's rules, not by roles",
      fix: `keep it if every change is to be reviewed; else set it to 0${at}`,
    }),
  ];
}
