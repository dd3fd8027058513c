import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { OWN_KEY, readSigning } from "../../src/signing/signing-settings.ts";
import { newKey, publicPem, signerOf } from "../evidence/sample-record.ts";

const directory = mkdtempSync(join(tmpdir(), "countersign-signing-settings-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const file = (name: string, text: string, mode = 0o600) => {
  const path = join(directory, name);
  writeFileSync(path, text, { mode });
  return path;
};

const KEY = newKey().export({ type: "pkcs8", format: "pem" }).toString();
const PUBLIC = publicPem(signerOf());
const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 });
const program = file("sign", "#!/bin/sh\n", 0o755);
const publicPath = file("public.pem", PUBLIC);
const HISTORY = JSON.stringify({ keys: [{ publicKey: PUBLIC, until: "2026-01-01T00:00:00Z" }] });

const problems = (env: Readonly<Record<string, string>>) => {
  const read = readSigning(env);
  return "problems" in read ? read.problems : [];
};

describe("what records are signed with", () => {
  it("nothing set: a key of its own", () => {
    expect(readSigning({ COUNTERSIGN_SIGNING_KEY: "  " })).toEqual({ signing: OWN_KEY });
  });

  it("a program with its public key, and a history", () => {
    const path = file("history.json", HISTORY);
    const env = {
      COUNTERSIGN_SIGNER: program,
      COUNTERSIGN_SIGNER_PUBLIC_KEY_PATH: publicPath,
      COUNTERSIGN_KEY_HISTORY_PATH: path,
    };
    expect(readSigning(env)).toEqual({
      signing: { with: { kind: "program", program, publicKey: PUBLIC }, history: JSON.parse(HISTORY) },
    });
  });

  const KEY_PROBLEM = "holds no Ed25519 or P-256 private key in PEM form";
  const PKCS8 = { type: "pkcs8", format: "pem" } as const;
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ["a text", { COUNTERSIGN_SIGNING_KEY: "secret-text" }, [`COUNTERSIGN_SIGNING_KEY ${KEY_PROBLEM}`]],
    ["a cut key", { COUNTERSIGN_SIGNING_KEY: KEY.slice(0, 80) }, [`COUNTERSIGN_SIGNING_KEY ${KEY_PROBLEM}`]],
    [
      "a key for something else",
      { COUNTERSIGN_SIGNING_KEY: RSA.privateKey.export(PKCS8).toString() },
      [`COUNTERSIGN_SIGNING_KEY ${KEY_PROBLEM}`],
    ],
    ["a public key", { COUNTERSIGN_SIGNING_KEY_PATH: publicPath }, [`COUNTERSIGN_SIGNING_KEY_PATH ${KEY_PROBLEM}`]],
    [
      "a file that is not there",
      { COUNTERSIGN_SIGNING_KEY_PATH: "/no/such" },
      ["COUNTERSIGN_SIGNING_KEY_PATH names a file that cannot be read (ENOENT)"],
    ],
    [
      "two at once",
      { COUNTERSIGN_SIGNING_KEY: KEY, COUNTERSIGN_SIGNER: program },
      ["COUNTERSIGN_SIGNER is given beside COUNTERSIGN_SIGNING_KEY"],
    ],
    [
      "a program that is not there",
      { COUNTERSIGN_SIGNER: "/no/such", COUNTERSIGN_SIGNER_PUBLIC_KEY_PATH: publicPath },
      ["COUNTERSIGN_SIGNER names a file that cannot be run (ENOENT)"],
    ],
    ["a folder", { COUNTERSIGN_SIGNER: directory }, ["COUNTERSIGN_SIGNER names no file"]],
    [
      "a file that is no program",
      { COUNTERSIGN_SIGNER: publicPath, COUNTERSIGN_SIGNER_PUBLIC_KEY_PATH: publicPath },
      ["COUNTERSIGN_SIGNER names a file that cannot be run (EACCES)"],
    ],
    [
      "a program without its key",
      { COUNTERSIGN_SIGNER: program },
      ["COUNTERSIGN_SIGNER_PUBLIC_KEY_PATH is missing, and COUNTERSIGN_SIGNER is given"],
    ],
    [
      "a key without its program",
      { COUNTERSIGN_SIGNER_PUBLIC_KEY_PATH: publicPath },
      ["COUNTERSIGN_SIGNER_PUBLIC_KEY_PATH is given without COUNTERSIGN_SIGNER"],
    ],
    [
      "a program with a private key for a public one",
      { COUNTERSIGN_SIGNER: program, COUNTERSIGN_SIGNER_PUBLIC_KEY_PATH: file("private.pem", KEY) },
      ["COUNTERSIGN_SIGNER_PUBLIC_KEY_PATH names a file that holds no Ed25519 or P-256 public key"],
    ],
    [
      "everything wrong at once",
      { COUNTERSIGN_SIGNING_KEY: "x", COUNTERSIGN_KEY_HISTORY_PATH: "/no/such" },
      [
        `COUNTERSIGN_SIGNING_KEY ${KEY_PROBLEM}`,
        "COUNTERSIGN_KEY_HISTORY_PATH names a file that cannot be read (ENOENT)",
      ],
    ],
    ...[
      ["no JSON", "{", "it is not in the form of one"],
      ["a list", "[]", "it is not in the form of one"],
      ["a misspelt field", HISTORY.replace("until", "till"), "it is not in the form of one"],
      [
        "another kind of key",
        JSON.stringify({ keys: [{ publicKey: RSA.publicKey.export({ type: "spki", format: "pem" }) }] }),
        "key 1 of the history is neither an Ed25519 nor a P-256 key",
      ],
    ].map(([name = "", text = "", why]): [string, Readonly<Record<string, string>>, readonly string[]] => [
      `a history: ${name}`,
      { COUNTERSIGN_KEY_HISTORY_PATH: file(`${name}.json`, text) },
      [`COUNTERSIGN_KEY_HISTORY_PATH names a file that is no key history: ${why}`],
    ]),
  ])("%s is refused with what to do, and nothing of it is shown", (_, env, said) => {
    const found = problems(env);
    expect(found.map(({ name, problem }) => `${name} ${problem}`)).toEqual(said);
    for (const { remedy } of found) expect(remedy).toMatch(/^[A-Z`d].*\.$/);
    const shown = JSON.stringify(found);
    for (const secret of ["secret-text", KEY.split("\n")[1] ?? ""]) expect(shown).not.toContain(secret);
  });
});
