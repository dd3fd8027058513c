import { expect, it } from "vitest";
import { openRepository } from "../../src/git.ts";
import { readConfiguration } from "../../src/work/configuration.ts";
import { evaluateChange } from "../../src/work/evaluate.ts";
import { testRepository } from "../commands/repository.ts";

/** What is read while the newest commit is evaluated, by path, and when facts were foreseen among it. */
async function read(before: Record<string, string>, after: Record<string, string>): Promise<readonly string[]> {
  const repository = testRepository();
  const base = repository.commit(before);
  const head = repository.commit(after);
  const open = await openRepository(repository.directory);
  const seen: string[] = [];
  try {
    const sources = { base, head, rules: undefined, policy: undefined, registry: undefined, baseline: null };
    const configuration = await readConfiguration(open, sources, async () => new Uint8Array());
    const watched = {
      ...open,
      async *load(entries: Parameters<typeof open.load>[0]) {
        for (const { path } of entries) seen.push(path);
        yield* open.load(entries);
      },
    };
    await evaluateChange(watched, {
      ...{ base, head, configuration, facts: null, now: "2026-11-24T12:00:00.000Z" },
      ...{ fingerprintKey: Buffer.alloc(32, 7), progress: () => {}, foreseen: () => seen.push("foreseen") },
    });
  } finally {
    await open.close();
  }
  return seen;
}

const bot = (model: string, path: string) =>
  `import openai\n\nMODEL = "${model}"\nvoice = open("${path}").read()\nopenai.chat(model="${model}", prompt=voice)\n`;
const texts = { "texts/calm.txt": "Sound calm.\n", "texts/loud.txt": "Sound loud.\n" };

it("that facts will be asked for is told once, before what a changed file refers to is read", async () => {
  const seen = await read(
    { ...texts, "src/bot.py": bot("gpt-4o-2024-11-20", "texts/calm.txt") },
    { "src/bot.py": bot("gpt-4o-mini-2024-07-18", "texts/loud.txt") },
  );
  const at = seen.indexOf("foreseen");
  expect(seen.slice(0, at)).toContain("src/bot.py");
  expect(seen.slice(at)).toEqual(expect.arrayContaining(["texts/calm.txt", "texts/loud.txt"]));
  expect(seen.filter((one) => one === "foreseen")).toHaveLength(1);
});

it("it is not told of a change that holds nothing, or the same as before", async () => {
  expect(await read({ "a.py": "x = 1\n" }, { "a.py": "x = 2\n" })).not.toContain("foreseen");
  const same = bot("gpt-4o-2024-11-20", "texts/calm.txt");
  expect(await read({ ...texts, "src/bot.py": same }, { "src/bot.py": `${same}\nKEEP = 1\n` })).not.toContain(
    "foreseen",
  );
});
