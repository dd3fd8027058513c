import examples from "@octokit/webhooks-examples";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServiceScene, serviceScene } from "./service-scene.ts";

interface Example {
  readonly name: string;
  readonly examples: readonly Readonly<Record<string, unknown>>[];
}

const EXAMPLES = examples as unknown as readonly Example[];
/** Only what an App is sent names its installation; here every payload is sent as if to an App. */
const toAnApp = (payload: Readonly<Record<string, unknown>>) => ({ ...payload, installation: { id: 9 } });

let scene: ServiceScene;
beforeAll(async () => {
  scene = await serviceScene();
});
afterAll(() => scene.close());

/** Posts every example and tells which kinds of work each event and action caused. */
async function replayed(change: (payload: Readonly<Record<string, unknown>>) => unknown) {
  const caused: Record<string, string[]> = {};
  const statuses = new Set<number>();
  for (const { name, examples: payloads } of EXAMPLES) {
    for (const payload of payloads) {
      const before = scene.done.length;
      const response = await scene.deliver(name, change(payload));
      statuses.add(response.status);
      await scene.settled();
      const kinds = scene.done.slice(before).map(({ kind }) => kind);
      const event = payload.action === undefined ? name : `${name}.${payload.action}`;
      if (kinds.length > 0) caused[event] = [...new Set([...(caused[event] ?? []), ...kinds])];
    }
  }
  return { caused, statuses: [...statuses] };
}

describe("all recorded payloads of GitHub", () => {
  it("are 329 of 58 events", () => {
    expect([EXAMPLES.length, EXAMPLES.flatMap(({ examples: list }) => list).length]).toEqual([58, 329]);
  });

  it("P31 P32 are accepted, and cause what they should and nothing else", async () => {
    const { caused, statuses } = await replayed(toAnApp);
    expect(statuses).toEqual([202]);
    expect(caused).toEqual(CAUSED);
    const faults = scene.logged.filter(({ level }) => level === "error");
    expect(faults).toEqual([]);
    // None of them lacks anything.
    const ignored = scene.logged.filter(({ msg }) => String(msg).includes("lacks what this event always has"));
    expect(ignored.map(({ event, places }) => `${event}: ${places}`)).toEqual([]);
  });

  it("as a repository's own webhooks, without an installation, cause nothing", async () => {
    const { caused, statuses } = await replayed(({ installation: _, ...payload }) => payload);
    expect(statuses).toEqual([202]);
    expect(caused).toEqual({});
  });

  it("nothing in a payload that is of another kind than GitHub says makes a difference to the answer", async () => {
    for (const wrong of [null, 7, "text", [], { id: "x" }, true]) {
      for (const { name, examples: payloads } of EXAMPLES) {
        const payload = toAnApp(payloads[0] ?? {});
        const changed = Object.fromEntries(Object.keys(payload).map((key) => [key, wrong]));
        const place = ["pull_request", "check_run", "comment", "repository"].find((key) => key in payload) ?? "sender";
        const mixed = { ...payload, [place]: wrong };
        expect((await scene.deliver(name, changed)).status).toBe(202);
        expect((await scene.deliver(name, mixed)).status).toBe(202);
      }
    }
    expect(scene.logged.filter(({ level }) => level === "error")).toEqual([]);
  });
});

/** With no pull request known yet, whose checks, comments and base branches could matter. */
const CAUSED: Readonly<Record<string, readonly string[]>> = {
  "branch_protection_rule.created": ["look-at-gate"],
  "branch_protection_rule.deleted": ["look-at-gate"],
  "branch_protection_rule.edited": ["look-at-gate"],
  "check_run.completed": ["decide-pull-request"],
  "check_run.created": ["decide-pull-request"],
  "installation.created": ["policy-changed"],
  "installation.new_permissions_accepted": ["policy-changed"],
  "installation_repositories.added": ["policy-changed"],
  "merge_group.checks_requested": ["decide-group"],
  "pull_request.closed": ["close-pull-request"],
  "pull_request.converted_to_draft": ["decide-pull-request"],
  "pull_request.opened": ["record-push"],
  "pull_request.ready_for_review": ["decide-pull-request"],
  "pull_request.reopened": ["decide-pull-request"],
  "pull_request.synchronize": ["record-push"],
  "pull_request_review.dismissed": ["decide-pull-request"],
  push: ["record-base-push"],
  "repository.edited": ["policy-changed"],
  "repository.renamed": ["policy-changed"],
  "repository.transferred": ["policy-changed"],
};
