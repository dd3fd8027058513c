import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agent, CHANGES, POLICY } from "./repository-files.ts";
import { type Scene, scene } from "./scene.ts";

const CHANGE = CHANGES.low;
const POLICY_FILE = ".github/countersign.yml";
const PEOPLE = POLICY.replace('"@acme/ml"', '"@anna", "@ben"');

describe("S03 P24 a repository of a person, without an organisation", () => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene({ personal: true, files: { [POLICY_FILE]: PEOPLE } });
    const [installation] = s.github.world.installations;
    // GitHub offers no permissions of organisations there.
    const { members: _, ...granted } = s.app.permissions;
    if (installation) installation.permissions = granted;
  });
  afterEach(() => s.end());
  const asked = (from = 0) => s.github.recorded.slice(from).map(({ path }) => path);

  it("is gated like any other, by people who are named, and nobody asks for an organisation", async () => {
    const pull = await s.open("x", CHANGE);
    expect(await s.verdict(pull)).toBe(
      "action_required: Medium risk: needs @olga (system owner) and @anna or @ben (AI reviewer)",
    );
    await s.approve(pull, "olga");
    await s.review(pull, "anna", "REQUEST_CHANGES");
    expect(await s.verdict(pull)).toMatch(/^action_required: .*@anna/);
    await s.approve(pull, "anna");
    expect(await s.verdict(pull)).toMatch(/^success: Medium risk: approved by @olga and @anna/);
    expect(s.check(pull)?.output.summary).not.toMatch(/organi[sz]ation|members/);
    expect(asked().filter((path) => path.startsWith("/orgs/"))).toEqual([]);
    expect(await s.merge(pull)).toBe(200);
  });

  it("whoever lost write access approves nothing: membership stands in for it nowhere", async () => {
    s.repository.collaborators.set("anna", "read");
    const pull = await s.open("x", CHANGE);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: .*@ben/);
    expect(await s.merge(pull)).toBe(405);
    expect(asked().filter((path) => path.startsWith("/orgs/"))).toEqual([]);
  });

  it("a team in its policy is nobody's: it blocks, and the check says what to write instead", async () => {
    s.act.push(s.repository, "main", { [POLICY_FILE]: POLICY }, { by: "acme" });
    const pull = await s.open("x", CHANGE);
    await s.approve(pull, "olga", "anna", "ben");
    expect(await s.verdict(pull)).toMatch(/^failure: Medium risk: blocked/);
    expect(s.check(pull)?.output.summary).toContain("name people");
    expect(await s.merge(pull)).toBe(405);
  });

  it("its owner's repository .github holds no baseline, neither private nor public", async () => {
    const pull = await s.open("x", CHANGE);
    await s.approve(pull, "olga", "anna");
    const stricter = "version: 1\ntiers:\n  medium: { distinctPeople: 3 }\n";
    s.github.world.repository("acme/.github", { [POLICY_FILE]: stricter }, { private: false });
    s.later(3_600_000);
    await s.comment(pull, "dora", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^success/);
    expect(asked().filter((path) => path.includes("/.github/"))).toEqual([]);
  });

  it("its owner may approve, and is not independent of what they made themselves", async () => {
    const policy = PEOPLE.replace('"@anna", "@ben"', '"@acme", "@ben"');
    s.act.push(s.repository, "main", { [POLICY_FILE]: policy }, { by: "acme" });
    const others = await s.open("x", CHANGE);
    await s.approve(others, "olga", "acme");
    expect(await s.verdict(others)).toMatch(/^success/);
    const own = await s.open("y", { "services/low/agent.py": agent("o3-2025-04-16") }, { by: "acme" });
    await s.approve(own, "olga");
    await s.comment(own, "acme", `/countersign approve ${own.head.sha}`);
    expect(await s.verdict(own)).toMatch(/^action_required: .*@ben/);
  });
});
