import { expect, it } from "vitest";
import { agent, CHANGES, POLICY } from "./repository-files.ts";
import { type Scene, scene } from "./scene.ts";

const BASELINE = "version: 1\nmode: enforce\ntiers:\n  medium: { distinctPeople: 3 }\n";
const change = CHANGES.low;

const withBaseline = (s: Scene, text = BASELINE) =>
  s.github.world.repository("acme/.github", { "countersign.yml": text, "README.md": "x\n" });

it("S03 the organisation's stricter value holds, and the check names what the repository has looser", async () => {
  const s = await scene();
  try {
    withBaseline(s, `${BASELINE}  high: { validFor: P2D }\nselfApproval: never\n`);
    const pull = await s.open("x", change);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^action_required: Medium risk: needs .*one more person|1 more person/);
    await s.approve(pull, "rita");
    expect(await s.verdict(pull)).toMatch(/^success/);
    const looser = await s.open("looser", { ".github/countersign.yml": `${POLICY}selfApproval: recorded\n` });
    expect(await s.verdict(looser)).toMatch(/^failure/);
    expect(s.check(looser)?.output.summary).toContain("selfApproval");
    expect(s.conforms()).toEqual([]);
  } finally {
    await s.close();
  }
});

it("S03 a policy of the organisation that was seen stays in force when its repository is taken from the App, or its file away", async () => {
  const s = await scene();
  try {
    const baseline = withBaseline(s);
    const first = await s.open("first", change);
    await s.approve(first, "olga", "anna");
    expect(await s.verdict(first)).toMatch(/^action_required/);
    const [installation] = s.github.world.installations;
    if (!installation) throw new Error("no installation");
    // Deselected: the attack's first half.
    (installation as { selection: Set<number> | null }).selection = new Set([s.repository.id]);
    await s.restart();
    const second = await s.open("second", { "services/low/agent.py": agent("o3-2025-04-16") });
    await s.approve(second, "olga", "anna");
    expect(await s.verdict(second)).toMatch(/^action_required/);
    expect(s.check(second)?.output.summary).toContain("stays in force");
    installation.selection = null;
    s.act.push(baseline, "main", { "countersign.yml": null }, { by: "root" });
    const third = await s.open("third", { "services/low/agent.py": agent("gpt-4.1-2025-04-14") });
    await s.approve(third, "olga", "anna");
    expect(await s.verdict(third)).toMatch(/^action_required/);
    expect(s.check(third)?.output.summary).toContain("stays in force");
    const organization = s.repository.owner.id;
    expect(await s.service().store.forgetBaseline(organization)).toBe(true);
    await s.comment(third, "root", "/countersign re-evaluate");
    expect(await s.verdict(third)).toMatch(/^success/);
  } finally {
    await s.close();
  }
});

it("S03 one that was never seen and cannot be read is none; one that does not parse blocks", async () => {
  const s = await scene();
  try {
    const pull = await s.open("x", change);
    await s.approve(pull, "olga", "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
  } finally {
    await s.close();
  }
  const broken = await scene();
  try {
    withBaseline(broken, "version: 1\nmodus: enforce\n");
    const pull = await broken.open("x", change);
    expect(await broken.verdict(pull)).toMatch(/^failure/);
    expect(broken.check(pull)?.output.summary).toContain("modus");
  } finally {
    await broken.close();
  }
});

it("S03 a value that the repository has looser is an annotation on its line", async () => {
  const s = await scene({
    files: { ".github/countersign.yml": POLICY.replace("tiers:", "tiers:\n  medium:\n    distinctPeople: 1") },
  });
  try {
    withBaseline(s);
    const pull = await s.open("x", change);
    await s.idle();
    const line = POLICY.split("\n").indexOf("tiers:") + 3;
    expect(s.check(pull)?.annotations).toContainEqual(
      expect.objectContaining({ path: ".github/countersign.yml", start_line: line, annotation_level: "warning" }),
    );
  } finally {
    await s.close();
  }
});

it.each(["countersign.yml", ".github/countersign.yml"])(
  "S03 the organisation's policy itself, in %s, is governed at critical by what it says before",
  async (path) => {
    const s = await scene();
    try {
      const strict = `${POLICY}contact: "@olga"\n`;
      const { world } = s.github;
      const baseline = world.repository("acme/.github", { [path]: strict, "README.md": "x\n" });
      for (const login of ["dora", "olga", "rita"]) baseline.collaborators.set(login, "write");
      const open = async (branch: string, files: Record<string, string>) => {
        s.act.push(baseline, branch, files, { by: "dora" });
        await fetch(`${s.github.url}/repos/acme/.github/pulls`, {
          method: "POST",
          headers: { authorization: "Bearer ghp_dora" },
          body: JSON.stringify({ title: branch, head: branch, base: "main" }),
        });
        await s.idle();
        const head = baseline.refs.get(`refs/heads/${branch}`);
        return baseline.checkRuns.find(({ app, headSha }) => app === s.app && headSha === head)?.output.title;
      };
      // Even what loosens nothing: it rules every repository.
      expect(await open("edit", { [path]: strict.replace("@olga", "@rita") })).toMatch(/^Critical risk: needs .*@rita/);
      expect(await open("docs", { "profile/README.md": "hello\n" })).toMatch(/^Not governed/);
      // Elsewhere a file of that name is one like any other.
      const other = await s.open("other", { "countersign.yml": "version: 1\n" });
      expect(await s.verdict(other)).toMatch(/^success: Not governed/);
      expect(s.conforms()).toEqual([]);
    } finally {
      await s.close();
    }
  },
);
