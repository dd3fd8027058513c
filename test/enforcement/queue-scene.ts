import { type QueueActs, queueActs } from "../github/queue-acts.ts";
import { mergeQueue } from "../github/rules.ts";
import type { MergeQueueParameters, PullRequest } from "../github/world.ts";
import { type OpenOptions, type Scene, type SceneOptions, scene } from "./scene.ts";

/** A scene whose branches merge by a queue. */
export interface QueueScene extends Scene {
  readonly queues: QueueActs;
  /** Opens a pull request that is approved as far as it takes. */
  approved(branch: string, files: Parameters<Scene["open"]>[1], options?: OpenOptions): Promise<PullRequest>;
  /** Puts them in while no webhook arrives, so that the heads of their groups can be seen before they are answered. */
  enqueue(...pulls: PullRequest[]): Promise<string[]>;
  /** The head of the group that was built for a pull request; empty where there is none. */
  head(pull: PullRequest): string;
  /** Our run on a group's head in one line, without the time until which it holds. */
  run(head: string, name?: string): string;
  /** Why pull requests left the queue, by their numbers. */
  left(): readonly string[];
}

const CHECKS = new Map([
  ["main", "countersign"],
  ["release/1", "countersign: release/**"],
]);

/** Builds one; a group lands as soon as it may, unless it takes more pull requests (`min_entries_to_merge`). */
export async function queueScene(
  parameters: Partial<MergeQueueParameters> = {},
  options: SceneOptions = {},
): Promise<QueueScene> {
  const s = await scene(options);
  const queues = queueActs(s.github);
  for (const [branch, context] of CHECKS)
    s.repository.rules.set(branch, {
      ...{ requiredChecks: [{ context, integrationId: s.app.id }], strict: false, requiredApprovals: 0 },
      ...{ dismissStale: false, bypass: ["root"], mergeQueue: mergeQueue(parameters) },
    });
  const head = (pull: PullRequest) =>
    queues.queue(s.repository, pull.base.ref)?.entries.find((one) => one.pull === pull)?.group?.headSha ?? "";
  return {
    ...s,
    queues,
    head,
    async approved(branch, files, given) {
      const pull = await s.open(branch, files, given);
      await s.approve(pull, "olga", "anna");
      const name = CHECKS.get(pull.base.ref);
      if ((await s.verdict(pull, name)).includes("High risk")) {
        await s.approve(pull, "rita");
        s.evals(pull);
      }
      const verdict = await s.verdict(pull, name);
      if (!verdict.startsWith("success")) throw new Error(`#${pull.number} is ${verdict}`);
      return pull;
    },
    async enqueue(...pulls) {
      await s.idle();
      s.github.deliveries.hold();
      for (const pull of pulls) queues.enqueue(s.repository, pull, "dora");
      const heads = pulls.map(head);
      s.github.deliveries.release();
      return heads;
    },
    run(sha, name = "countersign") {
      const found = s.check({ head: { sha } }, name);
      const title = found?.output.title?.replace(/, until [-\d]{10} [\d:]{5} UTC$/, "");
      return found ? `${found.conclusion ?? found.status}: ${title}` : "no run";
    },
    left: () =>
      [...s.repository.pulls.values()].flatMap(({ number, timeline }) =>
        timeline.flatMap((item) => (item.event === "removed_from_merge_queue" ? [`#${number} ${item.reason}`] : [])),
      ),
  };
}
