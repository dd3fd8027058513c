import { onTestFinished } from "vitest";
import { run } from "../../src/commands/run.ts";
import { readManifest } from "../../src/manifest-file.ts";
import type { Diagnosis, DoctorJson } from "../../src/reports/diagnosis.ts";
import { FILES } from "../enforcement/repository-files.ts";
import { type Acts, acts } from "../github/act.ts";
import { mismatches } from "../github/conformance.ts";
import type { FileChanges } from "../github/git-store.ts";
import { type PeopleActs, peopleActs } from "../github/people-acts.ts";
import { type LoopbackGitHub, loopbackGitHub } from "../github/server.ts";
import type { App, PullRequest, Repository } from "../github/world.ts";
import { recorded } from "./repository.ts";

/** What a run of `countersign doctor` wrote. */
export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** A repository at a loopback GitHub that is set up well, and the command that looks at it. */
export interface DoctorScene {
  readonly github: LoopbackGitHub;
  readonly act: Acts & PeopleActs;
  readonly app: App;
  readonly repository: Repository;
  /** Runs the command with this environment beside GITHUB_API_URL. */
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ran>;
  /** The same with `--format json`: everything that is not in order. */
  wrong(environment?: Readonly<Record<string, string>>): Promise<readonly Diagnosis[]>;
  /** `state id: what` of those. */
  said(environment?: Readonly<Record<string, string>>): Promise<readonly string[]>;
  open(branch: string, by: string): Promise<PullRequest>;
}

/** The token of an owner of the organisation. */
export const OWNER = { GITHUB_TOKEN: "ghp_root" };

const POLICY = (FILES[".github/countersign.yml"] as string)
  .replace('["@rita"]', '["@rita", "@rob"]')
  .replace('["@sam"]', '["@sam", "@sue"]');
const PEOPLE = ["olga", "anna", "ben", "rita", "rob", "sam", "sue"];

/** Builds a scene that ends with the test. */
export async function doctorScene(files: FileChanges = {}): Promise<DoctorScene> {
  const github = await loopbackGitHub();
  onTestFinished(() => github.close());
  const { world } = github;
  const act = { ...acts(github), ...peopleActs(github) };
  world.organisation("acme", { ...Object.fromEntries(PEOPLE.map((login) => [login, "member"])), root: "admin" });
  const team = world.team("acme/ml", ["anna", "ben"]);
  const repository = world.repository("acme/agent", { ...FILES, ".github/countersign.yml": POLICY, ...files });
  for (const login of PEOPLE) repository.collaborators.set(login, "write");
  act.grantTeam(team, repository, "write");
  world.repository("acme/.github", { ".github/countersign.yml": "version: 1\n" });
  const manifest = readManifest();
  const app = world.app("countersign", {
    permissions: Object.fromEntries(Object.entries(manifest.permissions).map(([name, { level }]) => [name, level])),
    events: manifest.events,
    owner: "acme",
  });
  world.install(app, "acme");
  const self: DoctorScene = {
    ...{ github, act, app, repository },
    async run(args, environment = {}) {
      const { io, out, err } = recorded();
      const exit = await run(["doctor", ...args], {
        ...io,
        environment: { GITHUB_API_URL: github.url, ...environment },
      });
      return { exit, out: out(), err: err() };
    },
    async wrong(environment = OWNER) {
      const named = "APP_ID" in environment ? [] : ["--app-id", String(app.id)];
      const { out, err } = await self.run(["--repository", "acme/agent", "--format", "json", ...named], environment);
      if (out === "") throw new Error(err);
      return (JSON.parse(out) as DoctorJson).diagnoses.filter(({ state }) => state !== "ok");
    },
    said: async (environment) =>
      (await self.wrong(environment)).map(({ state, id, what }) => `${state} ${id}: ${what}`),
    async open(branch, by) {
      act.push(repository, branch, { [`${branch}.md`]: branch }, { by });
      const response = await fetch(`${github.url}/repos/acme/agent/pulls`, {
        method: "POST",
        headers: { authorization: `token ghp_${by}` },
        body: JSON.stringify({ title: branch, head: branch, base: "main", body: "" }),
      });
      const { number } = (await response.json()) as { number: number };
      return repository.pulls.get(number) as PullRequest;
    },
  };
  onTestFinished(() => {
    const strange = github.recorded.filter(({ agent }) => agent.startsWith("countersign")).flatMap(mismatches);
    if (strange.length > 0) throw new Error(strange.join("\n"));
  });
  return self;
}
