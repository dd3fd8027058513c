import { describe, expect, it } from "vitest";
import { REACTION_PERMISSIONS } from "../../src/github/conversation.ts";
import { JOB_PERMISSIONS } from "../../src/github/hosting.ts";
import { QUEUE_PERMISSIONS } from "../../src/github/merge-queues.ts";
import { WEBHOOK_EVENTS } from "../../src/github/webhook-event.ts";
import type { KeptRequest } from "./kept-requests.ts";
import { manifest } from "./manifest.ts";
import { permissionMismatches } from "./permissions-of-the-suite.ts";

/** What an App must be granted to be sent an event, by GitHub's documentation of webhooks. */
const EVENT_NEEDS: Readonly<Record<string, string>> = {
  branch_protection_rule: "administration",
  repository_ruleset: "administration",
  check_run: "checks",
  check_suite: "checks",
  issue_comment: "issues",
  member: "members",
  membership: "members",
  merge_group: "merge_queues",
  organization: "members",
  pull_request: "pull_requests",
  pull_request_review: "pull_requests",
  push: "contents",
  repository: "metadata",
  team: "members",
  workflow_run: "actions",
};
/** Sent to every App. */
const UNASKED = ["installation", "installation_repositories"];

const { permissions, events, text } = manifest();
const levels = Object.fromEntries(Object.entries(permissions).map(([name, { level }]) => [name, level]));

describe("app.yml", () => {
  it("S20 asks for the required permissions, for reactions beside them, and for no other", () => {
    expect(levels).toEqual({
      metadata: "read",
      contents: "read",
      pull_requests: "write",
      checks: "write",
      issues: "write",
      members: "read",
      actions: "read",
      merge_queues: "read",
      administration: "read",
    });
  });

  it("S20 P43 jobs ask their tokens for no more than that", () => {
    for (const [name, level] of Object.entries({ ...QUEUE_PERMISSIONS, ...JOB_PERMISSIONS, ...REACTION_PERMISSIONS }))
      expect([name, levels[name]]).toEqual([name, level]);
  });

  it("subscribes to what the program listens to, under the permission that it needs", () => {
    expect([...events, ...UNASKED].toSorted()).toEqual([...WEBHOOK_EVENTS].toSorted());
    for (const event of events) expect(permissions[EVENT_NEEDS[event] ?? ""]?.events).toContain(event);
  });

  it("says of every permission why and what needs it", () => {
    for (const [name, { operations, events: needing }] of Object.entries(permissions)) {
      expect([name, operations.length + needing.length]).not.toEqual([name, 0]);
      expect(text).toMatch(new RegExp(`^  # [A-Z].*(?:\\n  # .*)*\\n  ${name}: `, "m"));
    }
  });
});

describe("the requests that a suite recorded", () => {
  const read: KeptRequest = { operation: "GET /x", needs: { contents: "read" } };
  const held = (level: string, ...operations: string[]) => ({
    permissions: { contents: { level, operations, beyond: [], events: [] } },
  });

  it("fit a manifest that names them", () => {
    expect(permissionMismatches([read], held("read", "GET /x"), true)).toEqual([]);
  });
  it("show a permission that is missing, and one that is too much", () => {
    expect(permissionMismatches([read], { permissions: {} }, true)).toEqual(["GET /x needs contents: read"]);
    expect(permissionMismatches([read], held("write", "GET /x"), true)).toEqual(["contents is write, read is needed"]);
    expect(permissionMismatches([], held("read"), true)).toEqual(["contents is read, none is needed"]);
  });
  it("S20 fit one that names what is done only where more was granted", () => {
    const write: KeptRequest = { operation: "POST /x", needs: { contents: "write" } };
    const contents = { level: "read", operations: ["GET /x"], beyond: ["POST /x"], events: [] };
    expect(permissionMismatches([read, write], { permissions: { contents } }, true)).toEqual([]);
    expect(permissionMismatches([read], { permissions: { contents } }, true)).toEqual([
      "POST /x under contents is not used",
    ]);
  });
  it("show a request that no comment names, and a comment without a request", () => {
    expect(permissionMismatches([read], held("read"), false)).toEqual(["GET /x is missing under contents"]);
    expect(permissionMismatches([read], held("read", "GET /x", "GET /y"), true)).toEqual([
      "GET /y under contents is not used",
    ]);
    expect(permissionMismatches([read], held("read", "GET /x", "GET /y"), false)).toEqual([]);
  });
});
