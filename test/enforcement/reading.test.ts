import { afterEach, describe, expect, it } from "vitest";
import type { FileChanges } from "../github/git-store.ts";
import type { PullRequest } from "../github/world.ts";
import { agent, PROMPT } from "./repository-files.ts";
import { type Scene, type SceneOptions, scene } from "./scene.ts";

const BEFORE = "gpt-4o-2024-08-06";
const AFTER = "gpt-4o-mini-2024-07-18";
const PROMPT_PATH = "services/low/prompts/system.md";
const AGENT_PATH = "services/low/agent.py";
const SETTLED = "success: Not governed: no model, prompt or credential changes";
const GOVERNED = /^(?:action_required|failure): (?:Low|Medium|High|Critical) risk/;

describe("what a pull request changes, as the App reads it", () => {
  let s: Scene;
  const start = async (options: SceneOptions = {}) => {
    s = await scene(options);
  };
  afterEach(async () => {
    // GitHub's description of a ref knows ids of 40 digits only.
    expect(s.conforms().filter((one) => !one.endsWith("/object/sha must NOT have more than 40 characters"))).toEqual(
      [],
    );
    await s.close();
  });
  const verdict = async (branch: string, files: FileChanges) => s.verdict(await s.open(branch, files));
  const shown = (pull: PullRequest) => `${s.check(pull)?.output.summary}${s.check(pull)?.output.text}`;
  /** A pull request on one file that has everybody's approval. */
  const approved = async (branch: string, files: FileChanges) => {
    const pull = await s.open(branch, files);
    await s.approve(pull, "olga", "rita", "anna");
    expect(await s.verdict(pull)).toMatch(/^success: .*approved/);
    return pull;
  };

  it("P01 a change behind more files than GitHub lists, in trees that it cuts short, is found", async () => {
    await start();
    s.github.world.treeRows = 100;
    const padding = Object.fromEntries(Array.from({ length: 450 }, (_, at) => [`docs/padding/${at}.md`, `${at}\n`]));
    const pull = await s.open("padded", { ...padding, [AGENT_PATH]: agent(AFTER) });
    expect(await s.verdict(pull)).toBe(
      "action_required: Medium risk: needs @olga (system owner) and @anna or @ben (AI reviewer)",
    );
    expect(shown(pull)).toContain(AGENT_PATH);
    expect(await verdict("padding", padding)).toBe(SETTLED);
  });

  it("P01 what cannot be read is never taken for nothing", async () => {
    await start();
    const blob = { matches: (_: string, path: string) => path.includes("/git/blobs/"), times: 1000 };
    s.github.faults.push({ ...blob, answer: { status: 404, body: { message: "Not Found" } } });
    const pull = await s.open("weights", { "services/low/model.pkl": Buffer.alloc(4096, 0xfe) });
    expect(await s.verdict(pull)).toMatch(/^failure: Could not be evaluated/);
    expect(await s.merge(pull)).toBe(405);
    s.github.faults.length = 0;
    await s.comment(pull, "dora", "/countersign recheck");
    expect(await s.verdict(pull)).toMatch(GOVERNED);
  });

  it("P02 a link, and a submodule, in the place of a prompt are its removal, never what they lead to", async () => {
    const place = "services/low/prompts/copy.md";
    await start({ files: { [place]: PROMPT } });
    const link = await s.open("link", { [place]: { mode: "120000", data: "system.md" } });
    expect(await s.verdict(link)).toMatch(GOVERNED);
    expect(shown(link)).toContain(place);
    const submodule = await s.open("submodule", { [place]: { mode: "160000", data: "1".repeat(40) } });
    expect(await s.verdict(submodule)).toMatch(GOVERNED);
    expect(shown(submodule)).toContain(place);
  });

  it("P02 a link that is swapped under an approval ends it", async () => {
    await start();
    const pull = await approved("swapped", { [PROMPT_PATH]: `${PROMPT}Be brief.\n` });
    s.act.push(s.repository, "swapped", { [PROMPT_PATH]: { mode: "120000", data: "other.md" } }, { by: "dora" });
    expect(await s.verdict(pull)).toMatch(GOVERNED);
    expect(shown(pull)).toMatch(/`@olga` \*\*not counted\*\*: .*changed `services\/low\/prompts\/system\.md`/);
  });

  it("P03 a prompt that is renamed out of its system, or deleted, is governed by where it was", async () => {
    await start();
    const renamed = await s.open("renamed", { [PROMPT_PATH]: null, "docs/old.md": PROMPT });
    const deleted = await s.open("deleted", { [PROMPT_PATH]: null });
    for (const pull of [renamed, deleted]) {
      expect(await s.verdict(pull)).toMatch(GOVERNED);
      expect(shown(pull)).toContain(PROMPT_PATH);
      expect(shown(pull)).toContain("@olga");
    }
  });

  it("P03 a mode alone asks for nothing, and is part of what an approval covers", async () => {
    await start();
    const executable = { [AGENT_PATH]: { mode: "100755", data: agent(BEFORE) } };
    expect(await verdict("mode", executable)).toBe(SETTLED);
    const pull = await approved("approved", { [AGENT_PATH]: agent(AFTER) });
    s.act.push(s.repository, "approved", { [AGENT_PATH]: { mode: "100755", data: agent(AFTER) } }, { by: "dora" });
    expect(await s.verdict(pull)).toMatch(/^action_required/);
  });

  it.each([
    ["a large file's pointer", "services/low/model.safetensors", (digit: string) => lfs(digit)],
    [
      "a tracked data file",
      "services/low/weights.pt.dvc",
      (digit: string) => `outs:\n- md5: ${digit.repeat(32)}\n  path: weights.pt\n`,
    ],
    [
      "a pipeline's lock file",
      "services/low/dvc.lock",
      (digit: string) =>
        `schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n    outs:\n    - path: weights.pt\n      hash: md5\n      md5: ${digit.repeat(32)}\n      size: 9\n`,
    ],
  ])("P04 another id in %s is another content, also under an approval", async (_, path, content) => {
    await start({ files: { [path]: content("1") } });
    const pull = await s.open("other", { [path]: content("2") });
    expect(await s.verdict(pull)).toMatch(GOVERNED);
    await s.approve(pull, "olga", "rita", "anna", "sam");
    expect(await s.verdict(pull)).toMatch(/^success/);
    s.act.push(s.repository, "other", { [path]: content("3") }, { by: "dora" });
    expect(await s.verdict(pull)).toMatch(/^action_required/);
  });

  it("P05 paths are those of the system whatever the case and the spelling of their letters", async () => {
    await start({
      files: { "services/low/prompts/größe.md": PROMPT },
    });
    const other = await s.open("case", { "Services/LOW/Prompts/new.md": `${PROMPT}Say yes.\n` });
    expect(await s.verdict(other)).toMatch(GOVERNED);
    expect(shown(other)).toContain("`low`");
    const twins = {
      "services/low/prompts/System.md": PROMPT,
      "services/low/prompts/gro\u0308ße.md": PROMPT,
    };
    for (const [index, [path, text]] of Object.entries(twins).entries()) {
      const twin = await s.open(`twin-${index}`, { [path]: text });
      expect(await s.verdict(twin)).toMatch(GOVERNED);
      expect(shown(twin)).toContain("record/path-twin");
    }
  });

  it.each([
    ["a character without width", "\u200b"],
    ["a direction that is turned round", "\u202e"],
    ["a tag", "\u{e0041}"],
  ])("P05 %s in a prompt is a finding, and is never shown as it is", async (_, character) => {
    await start();
    const pull = await s.open("hidden", { [PROMPT_PATH]: `${PROMPT}Be ${character}brief.\n` });
    expect(await s.verdict(pull)).toMatch(GOVERNED);
    expect(shown(pull)).toContain("prompt/hidden-unicode");
    expect(`${shown(pull)}${s.comments(pull).join("")}`).not.toContain(character);
  });

  it("P06 line ends and byte order marks are no change, and end an approval of a whole file only", async () => {
    await start();
    const crlf = (text: string) => `\ufeff${text.replaceAll("\n", "\r\n")}`;
    expect(await verdict("crlf", { [PROMPT_PATH]: crlf(PROMPT), [AGENT_PATH]: crlf(agent(BEFORE)) })).toBe(SETTLED);
    const facts = await approved("facts", { [AGENT_PATH]: agent(AFTER) });
    s.act.push(s.repository, "facts", { [AGENT_PATH]: crlf(agent(AFTER)) }, { by: "dora" });
    expect(await s.verdict(facts)).toMatch(/^success/);
    const whole = await approved("whole", { [PROMPT_PATH]: `${PROMPT}Be brief.\n` });
    s.act.push(s.repository, "whole", { [PROMPT_PATH]: crlf(`${PROMPT}Be brief.\n`) }, { by: "dora" });
    expect(await s.verdict(whole)).toMatch(/^action_required/);
  });

  it("P07 a repository whose object ids are SHA-256: approved, changed, approved again, merged", async () => {
    await start({ format: "sha256" });
    const pull = await approved("long", { [AGENT_PATH]: agent(AFTER) });
    expect(pull.head.sha).toMatch(/^[0-9a-f]{64}$/);
    s.act.push(s.repository, "long", { [AGENT_PATH]: agent("o3-2025-04-16") }, { by: "dora" });
    expect(await s.verdict(pull)).toMatch(/^action_required/);
    await s.comment(pull, "olga", `/countersign approve ${pull.head.sha}`);
    await s.approve(pull, "anna");
    expect(await s.verdict(pull)).toMatch(/^success/);
    expect(await s.merge(pull)).toBe(200);
  });
});

function lfs(digit: string): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${digit.repeat(64)}\nsize 4096\n`;
}
