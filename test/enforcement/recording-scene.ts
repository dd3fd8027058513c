import { expect } from "vitest";
import { keptRecord } from "../../src/enforcement/recording/kept-record.ts";
import { knownKeys } from "../../src/evidence/key-history.ts";
import type { LedgerEntry } from "../../src/evidence/ledger.ts";
import type { EvidenceRecord } from "../../src/evidence/record.ts";
import { verifyLedger } from "../../src/evidence/verification.ts";
import type { PullRequest } from "../github/world.ts";
import { type Scene, type SceneOptions, scene } from "./scene.ts";

/** A scene whose branches are known, with what is recorded in it. */
export interface RecordingScene extends Scene {
  entries(): Promise<readonly LedgerEntry[]>;
  /** Every record so far, verified. */
  records(): Promise<readonly EvidenceRecord[]>;
  /** `event number cause`, in order. */
  told(): Promise<readonly string[]>;
  mergeBy(pull: PullRequest, method?: string, login?: string): Promise<number>;
  tip(branch?: string): string;
}

/** Builds a scene in which a first pull request was opened. */
export async function recordingScene(options: SceneOptions = {}): Promise<RecordingScene> {
  const s = await scene(options);
  const rules = s.repository.rules.get("main");
  // Whoever is named here may merge whatever the rules say.
  if (rules) s.repository.rules.set("main", { ...rules, bypass: ["root"] });
  await s.open("first", { "README.md": "# First\n" });
  await s.idle();
  const entries = async () => {
    const found: LedgerEntry[] = [];
    for await (const entry of s.service().evidence.ledger.entries(0)) found.push(entry);
    return found;
  };
  const records = async () => {
    const { signer } = s.service().evidence;
    const kept = await entries();
    const publicKey = signer.publicKey.export({ type: "spki", format: "pem" }).toString();
    const { problems } = await verifyLedger(kept, { keys: knownKeys({ keys: [{ publicKey }] }) });
    expect(problems).toEqual([]);
    return kept.map(keptRecord);
  };
  return {
    ...s,
    entries,
    records,
    told: async () =>
      (await records()).map(({ event, pullRequest, bypass }) =>
        [event, ...(pullRequest ? [`#${pullRequest.number}`] : []), ...(bypass ? [bypass.cause] : [])].join(" "),
      ),
    async mergeBy(pull, merge_method = "merge", login = "dora") {
      const response = await fetch(`${s.github.url}/repos/acme/agent/pulls/${pull.number}/merge`, {
        method: "PUT",
        headers: { authorization: `Bearer ${s.github.world.user(login).token}` },
        body: JSON.stringify({ sha: pull.head.sha, merge_method }),
      });
      return response.status;
    },
    tip: (branch = "main") => s.repository.refs.get(`refs/heads/${branch}`) ?? "",
  };
}
