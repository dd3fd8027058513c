import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { jsonLines } from "../../src/commands/json-lines.ts";
import {
  branchPlace,
  command,
  honestRows,
  keyFile,
  privatePem,
  type Row,
  SIZE,
  signedRows,
  signer,
  sqlitePlace,
  stranger,
  temporaryFolder,
} from "./ledger-rows.ts";
import { testRepository } from "./repository.ts";

const SIGNING = { COUNTERSIGN_SIGNING_KEY: privatePem() };
const LAST = (honestRows.at(-1) as Row).root;

describe("countersign verify", () => {
  it("tells what stands, and what only a checkpoint from outside would show", async () => {
    const { source } = await sqlitePlace();
    const { exit, out } = await command(["verify", source, "--key", keyFile()]);
    expect(exit).toBe(0);
    const text = out.replaceAll(/\s+/g, " ");
    expect(text).toContain(`${SIZE} records of 2026-11-24, each unchanged, in its place and signed by a known key`);
    expect(text).toContain(`Last record: ${SIZE - 1}, root ${LAST}`);
    expect(text).toContain("! Who holds the signing key could have rewritten any of them or cut off the end");
  });

  it("holds the ledger against what an evidence comment shows", async () => {
    const { source, replace } = await sqlitePlace();
    const args = ["verify", source, "--key", keyFile(), "--seen", `${SIZE - 1}:${LAST}`];
    const { exit, out } = await command(args);
    expect(exit).toBe(0);
    expect(out).toContain("Compared: all of them with what left this system before;");
    expect(out).not.toContain("!");
    await replace(await signedRows(["x/5", "x/6", "x/7"], signer, honestRows.slice(0, 5)));
    expect(await command(args)).toMatchObject({
      exit: 1,
      out: expect.stringContaining("What was seen of record 7 covers 8 records"),
    });
  });

  it("S07 prints JSON as it is published, of a ledger, an export and a part of one", async () => {
    const schema = JSON.parse(readFileSync(new URL("../../schemas/verification.schema.json", import.meta.url), "utf8"));
    const validate = new Ajv2020().compile(schema);
    const { source, replace } = await sqlitePlace();
    const folder = temporaryFolder();
    const [all, some] = [join(folder, "all.jsonl"), join(folder, "some.jsonl")];
    await command(["export", source, "--out", all], SIGNING);
    await command(["export", source, "--repository", "1", "--out", some], SIGNING);
    await replace(honestRows.slice(2));
    const kinds = [];
    for (const [one, exit] of [
      [source, 1],
      [all, 0],
      [some, 0],
    ] as const) {
      const seen = await command(["verify", one, "--key", keyFile(), "--format", "json"]);
      const document = JSON.parse(seen.out);
      expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
      expect(seen.exit).toBe(exit);
      kinds.push(document.kind);
    }
    expect(kinds).toEqual(["database", "export", "excerpt"]);
  });

  it("says of nothing that it is nothing, and of a long list how long it is", async () => {
    const { source, replace } = await sqlitePlace();
    await replace([]);
    expect(await command(["verify", source, "--key", keyFile()])).toMatchObject({
      exit: 0,
      out: expect.stringContaining("no records"),
    });
    await replace(
      await signedRows(
        Array.from({ length: 60 }, (_, at) => `y/${at}`),
        stranger,
      ),
    );
    const { exit, out } = await command(["verify", source, "--key", keyFile()]);
    expect(exit).toBe(1);
    expect(out).toContain("60 problems in 60 records");
    expect(out).toContain("… and 10 more problems");
  });

  it.each([
    [[], "verify needs an export, a database, a repository or a postgres:// URL"],
    [["--key", "KEY"], "verify needs an export"],
    [["DATABASE"], "give the operator's public key with --key FILE"],
    [["DATABASE", "--key", "KEY", "--keys", "KEY"], "--key and --keys exclude each other"],
    [["DATABASE", "OTHER", "--key", "KEY"], 'unexpected argument "OTHER"'],
    [["DATABASE", "--key", "KEY", "--format", "xml"], '--format is "xml"'],
    [["DATABASE", "--key", "KEY", "--format", "json", "--format", "text"], "--format is given twice"],
    [["DATABASE", "--key", "KEY", "--seen", "7"], "expected SEQUENCE:ROOT"],
    [["DATABASE", "--key", "nowhere.pem"], "nowhere.pem: cannot be read (ENOENT)"],
    [["DATABASE", "--key", "DATABASE"], "is no text in UTF-8"],
    [["DATABASE", "--keys", "KEY"], "no key history; expected JSON"],
    [["DATABASE", "--key", "PRIVATE"], "it is no public key in PEM form"],
    [["DATABASE", "--key", "KEY", "--checkpoint", "KEY"], "it is not in the form of a checkpoint"],
    [["nowhere.db", "--key", "KEY"], "nowhere.db cannot be read (ENOENT); expected an export"],
    [["KEY", "--key", "KEY"], "neither an export of countersign export nor a database"],
    [["EMPTY", "--key", "KEY"], "is no database with a ledger"],
    [["VIEW", "--key", "KEY"], "is no database with a ledger"],
    [["FOLDER", "--key", "KEY"], "not a git repository"],
    [["REPOSITORY", "--key", "KEY"], "has no branch countersign-evidence; fetch it with"],
    [["REPOSITORY", "--key", "KEY", "--branch", "--all"], "--branch"],
    [["postgres://127.0.0.1:1/x", "--key", "KEY"], "the PostgreSQL database has no ledger that can be read"],
  ])("%j is refused with what to do", async (args, words) => {
    const folder = temporaryFolder();
    const { source } = await sqlitePlace();
    const files: Readonly<Record<string, string>> = {
      ...{ DATABASE: source, KEY: keyFile(), FOLDER: folder, PRIVATE: join(folder, "private.pem") },
      ...{ EMPTY: join(folder, "empty.db"), VIEW: join(folder, "view.db"), REPOSITORY: testRepository().directory },
    };
    writeFileSync(files.PRIVATE as string, privatePem());
    for (const [name, sql] of [
      ["EMPTY", "CREATE TABLE x (a)"],
      ["VIEW", "CREATE VIEW ledger_entry AS SELECT 1 AS sequence"],
    ] as const) {
      const database = new DatabaseSync(files[name] as string);
      database.exec(sql);
      database.close();
    }
    const { exit, err, out } = await command(["verify", ...args.map((one) => files[one] ?? one)]);
    expect([exit, out]).toEqual([2, ""]);
    expect(err).toContain(words);
  });

  it("reads lines of any chunks, and no endless one", async () => {
    const text = '{"a":1}\n\nno json\n"ü"';
    for (const size of [1, 3, 100]) {
      const bytes = Buffer.from(text);
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, at * size + size),
      );
      const lines = [];
      for await (const line of jsonLines(
        (async function* () {
          yield* chunks;
        })(),
      ))
        lines.push(line);
      expect(lines).toEqual([{ a: 1 }, null, null, "ü"]);
    }
    const endless = (async function* () {
      for (;;) yield Buffer.alloc(1 << 20, 32);
    })();
    const reading = jsonLines(endless).next();
    await expect(reading).rejects.toThrow("a line is longer than 64 MiB");
  });
});

describe("countersign checkpoint", () => {
  it("signs how the ledger stands, for a file, standard output or a ref, and verify holds the ledger against it", async () => {
    const { source } = await sqlitePlace();
    const folder = temporaryFolder();
    const file = join(folder, "checkpoint.txt");
    expect(await command(["checkpoint", source, "--out", file], SIGNING)).toMatchObject({ exit: 0, out: "" });
    const { exit, out } = await command(["checkpoint", source], SIGNING);
    expect([exit, out]).toEqual([0, readFileSync(file, "utf8")]);
    expect(out).toMatch(/^countersign\/[0-9a-f]{16}\n8\n/);
    expect(await command(["verify", source, "--key", keyFile(), "--checkpoint", file])).toMatchObject({ exit: 0 });
    expect(await command(["checkpoint", source, "--out", file], SIGNING)).toMatchObject({
      exit: 2,
      err: expect.stringContaining("is there already"),
    });

    const repository = testRepository();
    const ref = "refs/countersign/checkpoint";
    for (let times = 0; times < 2; times += 1)
      expect(
        await command(["checkpoint", source, "--out", ref, "--repo", repository.directory], SIGNING),
      ).toMatchObject({ exit: 0 });
    expect(`${repository.git("show", `${ref}:checkpoint`)}\n`).toBe(out);
    expect(repository.git("log", "--format=%an %s", ref)).toBe(
      "Countersign Checkpoint of 8 records\nCountersign Checkpoint of 8 records",
    );
    expect(repository.git("status", "--porcelain")).toBe("");
  });

  it("signs nothing that an earlier one does not lead to", async () => {
    const { source, replace } = await sqlitePlace();
    const earlier = join(temporaryFolder(), "earlier.txt");
    await command(["checkpoint", source, "--out", earlier], SIGNING);
    await replace(await signedRows(["x/5", "x/6", "x/7"], signer, honestRows.slice(0, 5)));
    const { exit, out, err } = await command(["checkpoint", source, "--checkpoint", earlier], SIGNING);
    expect([exit, out]).toEqual([1, ""]);
    expect(err.replaceAll(/\s+/g, " ")).toContain("they were other ones: the history was rewritten");
  });

  it.each([
    [[], "checkpoint needs the App's database"],
    [["DATABASE"], "there is no key to sign with"],
    [["DATABASE", "--repo", "x"], "--repo goes with --out refs/"],
    [["DATABASE", "--origin", "two words"], "expected a name without white space"],
    [["DATABASE", "--out", "refs/../x", "--repo", "REPOSITORY"], "is no name of a ref"],
    [["DATABASE", "--out", "refs/heads/main", "--repo", "REPOSITORY"], "is the branch that is checked out"],
    [["DATABASE", "--out", "refs/x/y", "--repo", "FOLDER"], "is not a git repository"],
    [["DATABASE", "--out", "FOLDER"], "is there already"],
  ])("%j is refused with what to do", async (args, words) => {
    const { source } = await sqlitePlace();
    const files: Readonly<Record<string, string>> = {
      DATABASE: source,
      REPOSITORY: testRepository().directory,
      FOLDER: temporaryFolder(),
    };
    const signing = words.startsWith("there is no key") ? {} : SIGNING;
    const { exit, err, out } = await command(["checkpoint", ...args.map((one) => files[one] ?? one)], signing);
    expect([exit, out]).toEqual([2, ""]);
    expect(err).toContain(words);
  });

  it("signs nothing about nothing", async () => {
    const { source, replace } = await sqlitePlace();
    await replace([]);
    expect(await command(["checkpoint", source], SIGNING)).toMatchObject({
      exit: 1,
      err: expect.stringContaining("nothing is recorded yet"),
    });
  });
});

describe("countersign export", () => {
  it("gives all records of some repositories, each with the proof that it is part of the ledger", async () => {
    const { source } = await branchPlace();
    const folder = temporaryFolder();
    const out = join(folder, "some.jsonl");
    const made = await command(["export", source, "--repository", "Acme/agent-2", "--out", out], SIGNING);
    expect(made).toMatchObject({ exit: 0, err: expect.stringContaining("Wrote 4 records") });
    const seen = await command(["verify", out, "--key", keyFile()]);
    expect(seen).toMatchObject({ exit: 0, out: expect.stringContaining("4 records of 2026-11-24") });
    expect(seen.out).toContain("Repositories: 2");
    expect(seen.out).toContain("is the word of who made the export");
    const checkpoint = join(folder, "checkpoint.txt");
    await command(["checkpoint", source, "--out", checkpoint], SIGNING);
    expect(await command(["verify", out, "--key", keyFile(), "--checkpoint", checkpoint])).toMatchObject({ exit: 0 });
    expect(await command(["verify", out, "--key", keyFile(), "--seen", `${SIZE - 1}:${"0".repeat(64)}`])).toMatchObject(
      {
        exit: 1,
        out: expect.stringContaining("covers other records"),
      },
    );
    expect(await command(["verify", out, "--key", keyFile(), "--seen", `3:${"0".repeat(64)}`])).toMatchObject({
      exit: 2,
      err: expect.stringContaining("a checkpoint of its own size alone, which is 8"),
    });
  });

  it.each<readonly [string, (lines: string[]) => string[], RegExp]>([
    [
      "a record deleted",
      ([head = "", , ...rest]) => [head, ...rest],
      /made with 4 records and holds 3: some were deleted/,
    ],
    ["a record twice", (lines) => [...lines, lines.at(-1) ?? ""], /Record 7 stands a second time, after record 7/],
    [
      "two in another order",
      ([head = "", a = "", b = "", ...rest]) => [head, b, a, ...rest],
      /Record 1 stands after record 3/,
    ],
    ["a line that is none", ([head = "", ...rest]) => [head, "{}", ...rest], /cannot be read/],
    [
      "another proof",
      ([head = "", a = "", b = "", ...rest]) => [
        head,
        JSON.stringify({ ...JSON.parse(a), proof: JSON.parse(b).proof }),
        b,
        ...rest,
      ],
      /Record 1 is not proven to be among the 8 records/,
    ],
    [
      "another head",
      ([head = "", ...rest]) => [head.replace('"payload":"eyJ', '"payload":"eyI'), ...rest],
      /cannot be believed to be whole: its head was changed/,
    ],
  ])("shows %s", async (_, change, sentence) => {
    const { source } = await sqlitePlace();
    const out = join(temporaryFolder(), "some.jsonl");
    await command(["export", source, "--repository", "2", "--out", out], SIGNING);
    const lines = readFileSync(out, "utf8").trimEnd().split("\n");
    writeFileSync(out, `${change(lines).join("\n")}\n`);
    const seen = await command(["verify", out, "--key", keyFile(), "--format", "json"]);
    expect(seen.exit).toBe(1);
    expect(JSON.parse(seen.out).problems).toContainEqual(
      expect.objectContaining({ sentence: expect.stringMatching(sentence) }),
    );
  });

  it("writes to standard output, and only about repositories that it knows", async () => {
    const { source } = await sqlitePlace();
    const { exit, out } = await command(["export", source], SIGNING);
    expect([exit, out.trimEnd().split("\n").length]).toEqual([0, SIZE + 1]);
    for (const [name, words] of [
      ["acme/none", 'no record is of a repository "acme/none"'],
      ["-", "expected a repository's number or OWNER/NAME"],
    ] as const)
      expect(await command(["export", source, "--repository", name], SIGNING)).toMatchObject({
        exit: 2,
        out: "",
        err: expect.stringContaining(words),
      });
  });
});
