import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type QueueActs, queueActs } from "../github/queue-acts.ts";
import { mergeQueue } from "../github/rules.ts";
import type { MergeQueueParameters, PullRequest } from "../github/world.ts";
import { agent, PROMPT } from "./repository-files.ts";
import { type Scene, type SceneOptions, scene } from "./scene.ts";

const model = (name: string) => agent(name);
const MODELS = ["gpt-4o-mini-2024-07-18", "o3-2025-04-16", "gpt-4.1-2025-04-14"] as const;
const docs = { "docs/notes.md": "# Notes\n" };
/** A change of the low system's model, and one of the medium's prompt. */
const low = { "services/low/agent.py": model(MODELS[0]) };
const medium = { "services/medium/prompts/system.md": `${PROMPT}Be brief.\n` };

let s: Scene;
let queues: QueueActs;

async function begin(parameters: Partial<MergeQueueParameters> = {}, options: SceneOptions = {}): Promise<void> {
  s = await scene(options);
  queues = queueActs(s.github);
  for (const [branch, context] of [
    ["main", "countersign"],
    ["release/1", "countersign: release/**"],
  ] as const)
    s.repository.rules.set(branch, {
      requiredChecks: [{ context, integrationId: s.app.id }],
      strict: false,
      requiredApprovals: 0,
      dismissStale: false,
      bypass: [],
      mergeQueue: mergeQueue(parameters),
    });
}
/** Another queue, in the place of the one that was begun with. */
async function again(parameters: Partial<MergeQueueParameters>, options: SceneOptions = {}): Promise<void> {
  await s.close();
  await begin(parameters, options);
}
afterEach(async () => {
  expect(s.conforms()).toEqual([]);
  await s.close();
});

/** Opens a pull request and has it approved as far as a low or medium change takes. */
async function approved(
  branch: string,
  files: Parameters<Scene["open"]>[1],
  options: Parameters<Scene["open"]>[2] = {},
) {
  const pull = await s.open(branch, files, options);
  await s.approve(pull, "olga", "anna");
  const name = options?.base === "release/1" ? "countersign: release/**" : "countersign";
  expect(await s.verdict(pull, name)).toMatch(/^success/);
  return pull;
}

const group = (pull: PullRequest) =>
  queues.queue(s.repository, pull.base.ref)?.entries.find((one) => one.pull === pull)?.group ?? null;

/** Our run on a group's head, which was there when the queue was asked. */
const run = (head: string, name = "countersign") => {
  const found = s.check({ head: { sha: head } }, name);
  return found ? `${found.conclusion ?? found.status}: ${found.output.title}` : "no run";
};

/** Puts pull requests in while no webhook arrives, so that their groups can be looked at before they are answered. */
async function enqueue(...pulls: PullRequest[]): Promise<string[]> {
  await s.idle();
  s.github.deliveries.hold();
  for (const pull of pulls) queues.enqueue(s.repository, pull, "dora");
  const heads = pulls.map((pull) => group(pull)?.headSha ?? "");
  s.github.deliveries.release();
  return heads;
}

describe("P19 S28 a merge group", () => {
  beforeEach(() => begin());

  it("of one approved pull request is answered and lands", async () => {
    const pull = await approved("one", low);
    const [head = ""] = await enqueue(pull);
    await s.idle();
    expect(run(head)).toBe(`success: #${pull.number} stands as approved`);
    expect(pull.merged?.sha).toBe(head);
  });

  it("of three, governed and not, is answered on each head and lands", async () => {
    await again({ min_entries_to_merge: 3 });
    const pulls = [await approved("one", low), await approved("two", medium), await approved("three", docs)];
    const heads = await enqueue(...pulls);
    await s.idle();
    const [a, b] = pulls.map(({ number }) => `#${number}`);
    expect(heads.map((head) => run(head))).toEqual([
      `success: ${a} stands as approved`,
      `success: ${a} and ${b} stand as approved`,
      `success: ${a} and ${b} stand as approved`,
    ]);
    expect(pulls.every(({ merged }) => merged !== null)).toBe(true);
  });
});
