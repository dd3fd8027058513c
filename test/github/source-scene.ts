import { expect } from "vitest";
import {
  type GitHubRepository,
  githubHosting,
  type HostingSettings,
  JOB_PERMISSIONS,
  MEMBERS_PERMISSIONS,
} from "../../src/github/hosting.ts";
import { mismatches } from "./conformance.ts";
import { type LoopbackGitHub, loopbackGitHub } from "./server.ts";
import type { App, Installation, Repository } from "./world.ts";

/** A loopback GitHub with an App on an organisation, and the program's GitHub half over it. */
export interface SourceScene {
  readonly github: LoopbackGitHub;
  readonly app: App;
  readonly installation: Installation;
  /** The program, with nothing kept yet. */
  hosting(settings?: Partial<HostingSettings>): ReturnType<typeof githubHosting>;
  /** A job of the program on a repository. */
  job(
    hosting: ReturnType<typeof githubHosting>,
    repository: Repository,
    signal?: AbortSignal,
  ): Promise<GitHubRepository>;
  /** Whether every request so far, and its answer, is as GitHub describes it. */
  conforms(): void;
}

/** Builds a scene; whoever does closes its `github`. */
export async function sourceScene(): Promise<SourceScene> {
  const github = await loopbackGitHub();
  github.world.organisation("acme");
  const app = github.world.app("countersign", {
    permissions: { ...JOB_PERMISSIONS, ...MEMBERS_PERMISSIONS },
    owner: "acme",
  });
  const installation = github.world.install(app, "acme");
  return {
    github,
    app,
    installation,
    hosting: (settings = {}) =>
      githubHosting({ appId: app.id, privateKey: app.privateKey, baseUrl: github.url, ...settings }),
    job: (hosting, repository, signal = new AbortController().signal) =>
      hosting.open(
        { installation: installation.id, id: repository.id, owner: repository.owner.login, name: repository.name },
        signal,
      ),
    conforms() {
      expect(github.recorded.flatMap(mismatches)).toEqual([]);
      github.recorded.length = 0;
    },
  };
}
