import { afterEach, beforeEach, expect, it } from "vitest";
import { type SourceScene, sourceScene } from "./source-scene.ts";
import { gitPerson, type Repository } from "./world.ts";

let scene: SourceScene;
let repository: Repository;
beforeEach(async () => {
  scene = await sourceScene();
  repository = scene.github.world.repository("acme/agent", { "a.txt": "a\n" });
});
afterEach(async () => {
  scene.conforms();
  await scene.github.close();
});

/** A commit on top of main with this message, and whom GitHub knows behind its addresses. */
function commit(message: string, author: string): { base: string; head: string } {
  const { world } = scene.github;
  const base = repository.refs.get("refs/heads/main") ?? "";
  const by = gitPerson(world.user(author), world.now());
  return { base, head: repository.store.commit({ parents: [base], files: { "a.txt": message }, message, author: by }) };
}

async function known(program: ReturnType<SourceScene["hosting"]>, base: string, head: string) {
  const job = await scene.job(program, repository);
  const [read] = await job.commitsBetween(base, head);
  return { known: Object.fromEntries(read?.known ?? []), charges: job.charges };
}

it("S11 whose address the author's and the committer's is comes with the comparison; bots are nobody", async () => {
  const { world } = scene.github;
  const dora = commit("by a person", "dora");
  const { id } = world.user("dora");
  const program = scene.hosting();
  const person = await known(program, dora.base, dora.head);
  expect(person.known).toEqual({ [`${id}+dora@users.noreply.github.com`]: { id, login: "dora" } });
  // A token and the comparison.
  expect(person.charges.requests).toBe(2);
  const bot = world.user("helper[bot]", "Bot");
  const helper = commit("by a bot", "helper[bot]");
  expect((await known(program, helper.base, helper.head)).known).toEqual({
    [`${bot.id}+helper[bot]@users.noreply.github.com`]: null,
  });
});

it("S11 S12 co-authors are asked for once, where a commit names any", async () => {
  const { world } = scene.github;
  const anna = world.user("anna");
  anna.emails = ["anna@corp.example"];
  world.user("Copilot", "Bot").emails = ["1+Copilot@users.noreply.github.com"];
  const trailers = [
    "Anna <anna@corp.example>",
    "Copilot <1+Copilot@users.noreply.github.com>",
    "Claude <noreply@anthropic.com>",
  ];
  const { base, head } = commit(`x\n\n${trailers.map((one) => `Co-authored-by: ${one}`).join("\n")}`, "dora");
  const program = scene.hosting();
  const first = await known(program, base, head);
  expect(first.known).toMatchObject({
    "anna@corp.example": { id: anna.id, login: "anna" },
    "1+Copilot@users.noreply.github.com": null,
    "noreply@anthropic.com": null,
  });
  expect(first.charges.requests).toBe(3);
  expect((await known(program, base, head)).charges.requests).toBe(0);
});

it("an address that GitHub does not tell of stays unknown, and is not asked for again", async () => {
  // Another spelling of the trailer than GitHub's lists know.
  const { base, head } = commit("x\n\nco-authored-by:nobody <nobody@corp.example>", "dora");
  const program = scene.hosting();
  const first = await known(program, base, head);
  expect(Object.keys(first.known)).not.toContain("nobody@corp.example");
  expect((await known(program, base, head)).charges.requests).toBe(0);
});
