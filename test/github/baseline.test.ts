import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FactsScene, factsScene } from "./facts-scene.ts";
import type { FileChanges } from "./git-store.ts";
import type { Repository } from "./world.ts";

let scene: FactsScene;

beforeEach(async () => {
  scene = await factsScene();
});
afterEach(async () => {
  scene.conforms();
  await scene.github.close();
});

const text = (baseline: unknown) =>
  new TextDecoder().decode((baseline as { readonly bytes: Uint8Array } | undefined)?.bytes);
const settings = (files: FileChanges): Repository => scene.github.world.repository("acme/.github", files);

describe("S03 the organisation's policy", () => {
  it("comes from .github/countersign.yml of its .github repository, else from countersign.yml", async () => {
    const repository = settings({ "countersign.yml": "version: 1\nmode: enforce\n" });
    expect(text(await scene.job().facts.baseline())).toBe("version: 1\nmode: enforce\n");
    scene.act.push(repository, "main", { ".github/countersign.yml": "version: 1\n" }, { by: "root" });
    expect(text(await scene.job().facts.baseline())).toBe("version: 1\n");
  });

  it("costs nothing while it stays the same, and is new when it is not", async () => {
    const repository = settings({ ".github/countersign.yml": "version: 1\n", "README.md": "r" });
    await scene.job().facts.baseline();
    const { facts, charges } = scene.job();
    expect(text(await facts.baseline())).toBe("version: 1\n");
    expect(charges).toMatchObject({ requests: 0 });
    scene.act.push(repository, "main", { ".github/countersign.yml": "version: 1\nmode: enforce\n" }, { by: "root" });
    expect(text(await scene.job().facts.baseline())).toBe("version: 1\nmode: enforce\n");
  });

  it("is absent where the repository can be read and holds none, also once it was taken away", async () => {
    const repository = settings({ "README.md": "r", ".github/other.yml": "x" });
    expect(await scene.job().facts.baseline()).toBe("absent");
    scene.act.push(repository, "main", { "countersign.yml": "version: 1\n" }, { by: "root" });
    expect(text(await scene.job().facts.baseline())).toBe("version: 1\n");
    scene.act.push(repository, "main", { "countersign.yml": null }, { by: "root" });
    expect(await scene.job().facts.baseline()).toBe("absent");
  });

  it("is unreadable where the App is not installed on the repository, and asked for again only after a while", async () => {
    const repository = settings({ "countersign.yml": "version: 1\n" });
    scene.installation.selection = new Set([scene.repository.id]);
    expect(await scene.job().facts.baseline()).toEqual({
      unreadable:
        "the organisation's repository .github is not there, or the App is not installed on it with `contents: read`",
    });
    scene.installation.selection.add(repository.id);
    const early = scene.job();
    expect(await early.facts.baseline()).toHaveProperty("unreadable");
    expect(early.charges.requests).toBe(0);
    scene.later(301_000);
    expect(text(await scene.job().facts.baseline())).toBe("version: 1\n");
  });

  it("is looked for once by jobs side by side where there is none, and by each where that failed", async () => {
    const jobs = [scene.job(), scene.job(), scene.job()];
    const asked = async () => {
      const from = scene.github.recorded.length;
      const found = await Promise.allSettled(jobs.map(({ facts }) => facts.baseline()));
      const kinds = found.map((one) => (one.status === "fulfilled" ? "unreadable" in Object(one.value) : "failed"));
      const tries = scene.github.recorded.slice(from).filter(({ path }) => path.startsWith("/repos/acme/.github/"));
      return { kinds, tries: tries.length };
    };
    const fault = {
      ...{ matches: (_: string, path: string) => path.includes("/.github/"), times: 99 },
      answer: { status: 200, body: {} },
    };
    scene.github.faults.push(fault);
    expect(await asked()).toMatchObject({ kinds: ["failed", "failed", "failed"] });
    expect(fault.times).toBe(96);
    scene.github.faults.length = 0;
    expect(await asked()).toEqual({ kinds: [true, true, true], tries: 1 });
  });

  it("stays in force where a public repository is taken out of the installation, and costs nothing then either", async () => {
    const repository = settings({ "countersign.yml": "version: 1\n" });
    repository.private = false;
    scene.installation.selection = new Set([scene.repository.id]);
    expect(text(await scene.job().facts.baseline())).toBe("version: 1\n");
    const again = scene.job();
    expect(text(await again.facts.baseline())).toBe("version: 1\n");
    expect(again.charges.requests).toBe(0);
    scene.act.push(repository, "main", { "countersign.yml": "version: 1\nmode: enforce\n" }, { by: "root" });
    expect(text(await scene.job().facts.baseline())).toBe("version: 1\nmode: enforce\n");
  });

  it("is unreadable, not absent, where there is no such repository, or where the place holds no plain file", async () => {
    expect(await scene.job().facts.baseline()).toHaveProperty("unreadable");
    scene.later(301_000);
    const repository = settings({ "countersign.yml": { mode: "120000", data: "elsewhere.yml" } });
    expect(await scene.job().facts.baseline()).toEqual({ unreadable: ".github: countersign.yml is no plain file" });
    scene.act.push(repository, "main", { "countersign.yml": null, "countersign.yml/x": "1" }, { by: "root" });
    expect(await scene.job().facts.baseline()).toHaveProperty("unreadable");
    scene.act.push(repository, "main", { ".github": "a file" }, { by: "root" });
    expect(await scene.job().facts.baseline()).toHaveProperty("unreadable");
  });

  it("is unreadable where the list of files does not show it all", async () => {
    settings({ "a.txt": "1", "b.txt": "2", "countersign.yml": "version: 1\n" });
    scene.github.world.treeRows = 2;
    expect(await scene.job().facts.baseline()).toEqual({
      unreadable: ".github: too many files lie beside .github/countersign.yml",
    });
  });

  it("is absent in a repository without a commit", async () => {
    settings({ "README.md": "r" });
    scene.github.faults.push({
      times: 1,
      answer: { status: 409, body: { message: "Git Repository is empty." } },
      matches: (_, path) => path.startsWith("/repos/acme/.github/git/trees/"),
    });
    expect(await scene.job().facts.baseline()).toBe("absent");
  });

  it("is a fault where GitHub does not answer, so that the last known one is not given up", async () => {
    settings({ "countersign.yml": "version: 1\n" });
    scene.github.faults.push({
      times: 3,
      answer: { status: 503 },
      matches: (_, path) => path.startsWith("/repos/acme/.github/git/trees/"),
    });
    await expect(scene.job().facts.baseline()).rejects.toMatchObject({ code: "hosting/unavailable" });
  });

  it("is read through a token that reaches only that repository's contents, and only to read (P43)", async () => {
    settings({ "countersign.yml": "version: 1\n" });
    await scene.job().facts.baseline();
    const asked = scene.github.recorded.filter(({ path }) => path.endsWith("/access_tokens")).map(({ body }) => body);
    expect(asked).toContainEqual({ repositories: [".github"], permissions: { contents: "read" } });
  });
});

describe("S03 a person's repositories", () => {
  it("have no baseline, and nothing is asked but whose they are", async () => {
    const own = await factsScene("user");
    own.github.world.repository("acme/.github", { "countersign.yml": "version: 1\n" });
    const { facts, charges } = own.job();
    expect(await facts.baseline()).toBe("absent");
    expect(charges.requests).toBe(2);
    own.conforms();
    await own.github.close();
  });
});
