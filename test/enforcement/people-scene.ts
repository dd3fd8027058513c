import { type PeopleActs, peopleActs } from "../github/people-acts.ts";
import type { PullRequest, Team } from "../github/world.ts";
import { POLICY } from "./repository-files.ts";
import { type Scene, scene } from "./scene.ts";

/** A scene with what owners do to its people. */
export interface PeopleScene extends Scene {
  readonly people: PeopleActs;
  readonly ml: Team;
  /** How often a pull request was decided so far. */
  decided(pull: PullRequest): number;
  policy(from: string, to: string): void;
  summary(pull: PullRequest): string;
}

/** Builds one; whoever does closes it. */
export async function peopleScene(): Promise<PeopleScene> {
  const s = await scene();
  const ml = s.github.world.teams.find(({ slug }) => slug === "ml");
  if (!ml) throw new Error("no team");
  return {
    ...s,
    ml,
    people: peopleActs(s.github),
    decided: ({ number }) =>
      s.logged.filter(({ msg, key }) => msg === "work done" && key === `decide/${s.repository.id}/${number}`).length,
    policy(from, to) {
      if (!POLICY.includes(from)) throw new Error(`the policy has no ${from}`);
      s.act.push(s.repository, "main", { ".github/countersign.yml": POLICY.replace(from, to) }, { by: "root" });
    },
    summary: (pull) => (s.check(pull)?.output.summary ?? "").replaceAll("\\", ""),
  };
}
