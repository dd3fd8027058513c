import { afterEach, describe, expect, it } from "vitest";
import { agent, FILES, PROMPT } from "./repository-files.ts";
import { type Scene, scene } from "./scene.ts";

const MODEL = "gpt-4o-mini-2024-07-18";

describe("the plan to take a change back, in the check", () => {
  let s: Scene;
  afterEach(async () => {
    expect(s.conforms()).toEqual([]);
    await s.close();
  });
  const shown = async (pull: Parameters<Scene["verdict"]>[0]) => {
    await s.idle();
    return s.check(pull)?.output.summary ?? "";
  };

  it("says that it was tried, against the base as it is now", async () => {
    s = await scene();
    const path = "services/medium/prompts/system.md";
    const pull = await s.open("prompt", { [path]: `${PROMPT}Be brief.\n` });
    expect(await shown(pull)).toContain("Tried, without writing anything: taking this back goes by itself");
    // Elsewhere in the same file, and then on the same lines.
    s.act.push(s.repository, "main", { [path]: `Hello.\n${PROMPT}` }, { by: "root" });
    await s.comment(pull, "olga", "/countersign recheck");
    expect(await shown(pull)).toContain("taking this back goes by itself");
    s.act.push(s.repository, "main", { [path]: `${PROMPT}Be polite.\n` }, { by: "root" });
    await s.comment(pull, "olga", "/countersign recheck");
    expect(await shown(pull)).toContain(`conflicts in \`${path}\` (the same lines changed since)`);
  });

  it("asks people's part where it conflicts, even at medium, and takes it from the body", async () => {
    const registry = String(FILES[".github/ai-systems.yml"]).replaceAll("runbook: docs/runbook.md, ", "");
    s = await scene({ files: { ".github/ai-systems.yml": registry } });
    const path = "services/medium/prompts/system.md";
    const pull = await s.open("prompt", { [path]: `${PROMPT}Be brief.\n` });
    expect(await shown(pull)).not.toContain("Rollback plan: taking");
    s.act.push(s.repository, "main", { [path]: `${PROMPT}Be polite.\n` }, { by: "root" });
    await s.comment(pull, "olga", "/countersign recheck");
    expect(await shown(pull)).toMatch(
      /Rollback plan: taking this back conflicts in .*, and the plan of medium lacks a trigger and a verification/,
    );
    const body = "## Rollback\n- Trigger: complaints\n- Verification: run the evaluation again\n";
    await fetch(`${s.github.url}/repos/acme/agent/pulls/${pull.number}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${s.github.world.user("dora").token}` },
      body: JSON.stringify({ body }),
    });
    const summary = await shown(pull);
    expect(summary).not.toContain("lacks a trigger");
    expect(summary).toContain("when complaints, verified by run the evaluation again");
  });

  it("names the clean-up of an index that another model fills, and no older credential", async () => {
    s = await scene();
    const embed = (model: string) =>
      `from openai import OpenAI\n\nvectors = OpenAI().embeddings.create(model="${model}", input=[])\n`;
    s.act.push(s.repository, "main", { "services/medium/embed.py": embed("text-embedding-3-small") }, { by: "root" });
    const pull = await s.open("embed", { "services/medium/embed.py": embed("text-embedding-3-large") });
    expect(await shown(pull)).toContain("rebuild the index, or clear the memory, that was filled since");
    const key = await s.open("key", {
      "services/medium/agent.py": agent("gpt-4o-2024-08-06", 'import os\nkey = os.environ["OTHER_API_KEY"]\n'),
    });
    expect(await shown(key)).toMatch(
      /`medium`, credential: \*\*credential-rotate\*\* \(create, deploy, verify, revoke\)/,
    );
  });

  it("fails on a model that retires, from that day on, and says what else would do", async () => {
    const registry = String(FILES[".github/ai-systems.yml"]).replaceAll(
      'paths: ["services/high/**"]',
      'paths: ["services/high/**"]\n    models: [{ id: main, ref: gpt-4o-2024-08-06, retires: 2026-11-26 }]',
    );
    s = await scene({ files: { ".github/ai-systems.yml": registry } });
    const pull = await s.open("model", { "services/high/agent.py": agent(MODEL) });
    await s.approve(pull, "rita", "olga");
    s.evals(pull);
    expect(await s.verdict(pull)).toMatch(/^success: .*until 2026-11-27 00:00 UTC/);
    s.later(3 * 86_400_000);
    await s.comment(pull, "olga", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(/^failure: /);
    expect(await shown(pull)).toContain(
      "goes back to gpt-4o-2024-08-06, which retired on 2026-11-26; name another model of the system",
    );
  });
});
