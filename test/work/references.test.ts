import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/core/finding.ts";
import { openRepository } from "../../src/git.ts";
import { readConfiguration } from "../../src/work/configuration.ts";
import { evaluateChange } from "../../src/work/evaluate.ts";
import { type TestRepository, testRepository } from "../commands/repository.ts";

type Files = Readonly<Record<string, string | Buffer | null>>;

const LOADS = (path: string) => `import openai\n\nvoice = open("${path}").read()\n`;

/** Evaluates the newest commit of a real repository against the one before it. */
async function evaluated(repository: TestRepository, base: string, head: string) {
  const open = await openRepository(repository.directory);
  try {
    const configuration = await readConfiguration(
      open,
      { base, head, rules: undefined, policy: undefined, registry: undefined, baseline: null },
      async () => {
        throw new Error("no file is given by hand");
      },
    );
    const { evaluation } = await evaluateChange(open, {
      base,
      head,
      configuration,
      facts: null,
      now: "2026-11-24T12:00:00.000Z",
      fingerprintKey: Buffer.alloc(32, 7),
      progress: () => {},
    });
    return evaluation;
  } finally {
    await open.close();
  }
}

async function change(before: Files, after: Files) {
  const repository = testRepository();
  const base = repository.commit(before);
  return evaluated(repository, base, repository.commit(after));
}

async function prompts(before: Files, after: Files): Promise<readonly string[]> {
  const { assessment } = await change(before, after);
  return assessment.findings
    .map(({ finding }) => finding)
    .filter(isPrompt)
    .map(described);
}

function isPrompt({ rule, severity }: Finding): boolean {
  return rule.startsWith("prompt/") && severity !== "trivial";
}

function described({ rule, direction, place }: Finding): string {
  return `${rule} ${direction} ${(place.after ?? place.before)?.path}`;
}

const CHANGED = ["prompt/file changed texts/voice.txt"];

describe("a file is live because something loads it", () => {
  it("from the repository's root", async () => {
    const before = { "src/bot.py": LOADS("texts/voice.txt"), "texts/voice.txt": "Sound calm.\n" };
    const after = { "src/bot.py": `${LOADS("texts/voice.txt")}\nKEEP = 1\n`, "texts/voice.txt": "Sound loud.\n" };
    expect(await prompts(before, after)).toEqual(CHANGED);
  });

  it("from the folder of the file that loads it, and from a folder above", async () => {
    const before = { "a/b/bot.py": LOADS("../texts/voice.txt"), "a/texts/voice.txt": "Sound calm.\n" };
    const after = { "a/b/bot.py": `${LOADS("../texts/voice.txt")}#\n`, "a/texts/voice.txt": "Sound loud.\n" };
    expect(await prompts(before, after)).toEqual(["prompt/file changed a/texts/voice.txt"]);
    const above = { "a/b/bot.py": LOADS("texts/voice.txt"), "a/texts/voice.txt": "Sound calm.\n" };
    const later = { "a/b/bot.py": `${LOADS("texts/voice.txt")}#\n`, "a/texts/voice.txt": "Sound loud.\n" };
    expect(await prompts(above, later)).toEqual(["prompt/file changed a/texts/voice.txt"]);
  });

  it("by an unchanged neighbour, but not by an unchanged file elsewhere", async () => {
    const neighbour = { "texts/bot.py": LOADS("voice.txt"), "texts/voice.txt": "Sound calm.\n" };
    expect(await prompts(neighbour, { "texts/voice.txt": "Sound loud.\n" })).toEqual(CHANGED);
    const elsewhere = { "src/bot.py": LOADS("texts/voice.txt"), "texts/voice.txt": "Sound calm.\n" };
    expect(await prompts(elsewhere, { "texts/voice.txt": "Sound loud.\n" })).toEqual([]);
  });

  it("by the registry", async () => {
    const registry = `version: 1
systems:
  - id: bot
    name: Bot
    intendedPurpose: Answers questions.
    owner: "@anna"
    lifecycle: deployed
    paths: ["src/**"]
    prompts: [{ id: voice, paths: ["texts/*.txt"] }]
`;
    const before = { ".github/ai-systems.yml": registry, "texts/voice.txt": "Sound calm.\n" };
    expect(await prompts(before, { "texts/voice.txt": "Sound loud.\n" })).toEqual(CHANGED);
  });

  it("not when nothing does, and not when the policy leaves it out", async () => {
    const before = { "texts/voice.txt": "Sound calm.\n", "texts/notes.py": "import openai\n" };
    expect(await prompts(before, { "texts/voice.txt": "Sound loud.\n" })).toEqual([]);
    const policy = "version: 1\ndetect: { ignore: ['texts/**'] }\n";
    const ignored = {
      ".github/countersign.yml": policy,
      "src/bot.py": LOADS("texts/voice.txt"),
      "texts/voice.txt": "Sound calm.\n",
    };
    const after = { "src/bot.py": `${LOADS("texts/voice.txt")}#\n`, "texts/voice.txt": "Sound loud.\n" };
    expect(await prompts(ignored, after)).toEqual([]);
  });
});

describe("each side is followed in its own tree", () => {
  it("sees another unchanged file loaded now, with the rules it lacks", async () => {
    const before = {
      "src/bot.py": LOADS("texts/calm.txt"),
      "texts/calm.txt": "Sound calm.\nNever name a price.\n",
      "texts/loud.txt": "Sound loud.\n",
    };
    const found = await prompts(before, { "src/bot.py": LOADS("texts/loud.txt") });
    expect(found).toContain("prompt/file removed texts/calm.txt");
    expect(found).toContain("prompt/file added texts/loud.txt");
    expect(found).toContain("prompt/guardrail-removed removed texts/calm.txt");
  });

  it("is silent when the file was only moved", async () => {
    const before = { "src/bot.py": LOADS("texts/calm.txt"), "texts/calm.txt": "Sound calm.\n" };
    const after = {
      "src/bot.py": LOADS("texts/quiet.txt"),
      "texts/calm.txt": null,
      "texts/quiet.txt": "Sound calm.\n",
    };
    expect(await prompts(before, after)).toEqual([]);
  });

  it("goes on from a template to what it takes in", async () => {
    const before = {
      "src/bot.py": LOADS("texts/main.j2"),
      "texts/main.j2": '{% include "tone.txt" %}\n',
      "texts/tone.txt": "Sound calm.\n",
    };
    const after = { "src/bot.py": `${LOADS("texts/main.j2")}#\n`, "texts/tone.txt": "Sound loud.\n" };
    expect(await prompts(before, after)).toEqual(["prompt/file changed texts/tone.txt"]);
  });

  it("ends in a circle", async () => {
    const circle = {
      "src/bot.py": LOADS("texts/a.j2"),
      "texts/a.j2": '{% include "b.j2" %}\n',
      "texts/b.j2": '{% include "a.j2" %}\n',
    };
    const { decision } = await change(circle, { "src/bot.py": `${LOADS("texts/a.j2")}#\n` });
    expect(decision.state).toBe("not-governed");
  });

  it("takes a symbolic link for what it points to", async () => {
    const repository = testRepository();
    repository.commit({ "texts/calm.md": "Prefer tabs.\n", "texts/loud.md": "Prefer spaces.\n" });
    const link = (target: string) => {
      repository.git("update-index", "--add", "--cacheinfo", `120000,${blob(repository, target)},AGENTS.md`);
      repository.git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "link");
      return repository.git("rev-parse", "HEAD");
    };
    const base = link("texts/calm.md");
    const { assessment } = await evaluated(repository, base, link("texts/loud.md"));
    expect(assessment.findings.map(({ finding }) => described(finding)).sort()).toEqual(
      expect.arrayContaining([
        "prompt/agent-instructions added texts/loud.md",
        "prompt/agent-instructions removed texts/calm.md",
      ]),
    );
  });
});

function blob(repository: TestRepository, content: string): string {
  repository.commit({ "scratch.bin": content });
  return repository.git("rev-parse", "HEAD:scratch.bin");
}

describe("what may be read beside the change is limited, and beyond it the decision is blocked", () => {
  const many = (count: number, size = 1) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`texts/t${index}.txt`, "Sound calm. ".repeat(size)]),
    );
  const loader = (count: number) =>
    `import openai\n\n${Array.from({ length: count }, (_, index) => `PROMPT_${index} = open("texts/t${index}.txt").read()\n`).join("")}`;

  it("reads 200 files", async () => {
    const { decision, requirements } = await change(
      { ...many(200), "src/bot.py": loader(200) },
      { "src/bot.py": `${loader(200)}#\n` },
    );
    expect(requirements.filter(({ rule }) => rule === "record/unreadable")).toEqual([]);
    expect(decision.state).toBe("not-governed");
  });

  it("blocks at one more", async () => {
    const { decision, requirements } = await change(
      { ...many(201), "src/bot.py": loader(201) },
      { "src/bot.py": `${loader(201)}#\n` },
    );
    expect(decision.state).toBe("blocked");
    expect(requirements.map(({ reason }) => reason).join("\n")).toMatch(/more than 200 files or 5 MB/);
  });

  it("blocks above 5 MB", async () => {
    const { decision } = await change(
      { ...many(7, 70_000), "src/bot.py": loader(7) },
      { "src/bot.py": `${loader(7)}#\n` },
    );
    expect(decision.state).toBe("blocked");
  });

  it("blocks where references lead on deeper than three steps", async () => {
    const chain = Object.fromEntries(
      [1, 2, 3, 4].map((number) => [`texts/c${number}.j2`, `{% include "c${number + 1}.j2" %}\n`]),
    );
    const before = { ...chain, "src/bot.py": LOADS("texts/c1.j2") };
    const { decision, requirements } = await change(before, { "src/bot.py": `${LOADS("texts/c1.j2")}#\n` });
    expect(decision.state).toBe("blocked");
    expect(requirements.map(({ reason }) => reason).join("\n")).toContain("deeper than 3 steps");
  });

  it("is not troubled by a folder of many pages or many programs", async () => {
    const pages = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`pages/p${index}.md`, `Page ${index}.\n`]),
    );
    const page = await change(pages, { "pages/p7.md": "You are on another page now.\n" });
    expect(page.requirements.filter(({ rule }) => rule === "record/unreadable")).toEqual([]);
    const programs = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`src/p${index}.ts`, "export {};\n"]),
    );
    const notes = { ...programs, "src/notes.txt": "The user sees three pages here.\n" };
    const note = await change(notes, { "src/notes.txt": "The user sees four pages here.\n" });
    expect(note.requirements.filter(({ rule }) => rule === "record/unreadable")).toEqual([]);
  });

  it("finds the one of many programs that loads the text", async () => {
    const programs = Object.fromEntries(
      Array.from({ length: 600 }, (_, index) => [`src/a${index}.ts`, "export {};\n"]),
    );
    const before = { ...programs, "src/z.py": LOADS("tone.txt"), "src/tone.txt": "The user wants it calm.\n" };
    expect(await prompts(before, { "src/tone.txt": "The user wants it loud.\n" })).toEqual([
      "prompt/file changed src/tone.txt",
    ]);
  });

  it("does not count what the change itself holds", async () => {
    const { requirements } = await change(
      { ...many(400), "src/bot.py": loader(400) },
      Object.fromEntries(Object.keys(many(400)).map((path) => [path, "Sound loud."])),
    );
    expect(requirements.filter(({ rule }) => rule === "record/unreadable")).toEqual([]);
  });
});
