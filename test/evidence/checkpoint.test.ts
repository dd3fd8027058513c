import { createPublicKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { noteKeyId, readCheckpoint, signCheckpoint } from "../../src/evidence/checkpoint.ts";
import { isSignedBy, knownKeys } from "../../src/evidence/key-history.ts";
import { keysOf, publicPem, signerOf } from "./sample-record.ts";
import { documentedSteps, shell } from "./shell.ts";

const directory = mkdtempSync(join(tmpdir(), "countersign-checkpoint-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const AT = "2026-11-25T14:00:00.000Z";
const origin = "countersign.example/acme";
const tree = { size: 1_204, root: "0ac5186a91863e3a1dd4c8080150aa9bf5da8e3ee1d9f0763cc3e0de3da3c56a" };

describe("the form of a checkpoint", () => {
  it("is the signed note that Go's checksum database publishes: its key is named and its signature verifies", () => {
    // sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8
    const [type, ...raw] = Buffer.from("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8", "base64");
    expect(type).toBe(1);
    const key = createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(raw).toString("base64url") },
      format: "jwk",
    });
    expect(noteKeyId("sum.golang.org", key).toString("hex")).toBe("033de0ae");
    const text = "go.sum database tree\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    const line = "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=";
    const bytes = Buffer.from(line, "base64");
    expect(bytes.subarray(0, 4).toString("hex")).toBe("033de0ae");
    expect(isSignedBy(key, Buffer.from(text), bytes.subarray(4))).toBe(true);
  });

  it("is three lines, the time, and the signature", async () => {
    const note = await signCheckpoint({ origin, at: AT }, tree, signerOf());
    const lines = note.split("\n");
    expect(lines.slice(0, 5)).toEqual([
      origin,
      "1204",
      Buffer.from(tree.root, "hex").toString("base64"),
      `time ${AT}`,
      "",
    ]);
    expect(lines[5]).toMatch(/^\u2014 countersign\.example\/acme [A-Za-z0-9+/]{91}=$/);
    expect(lines.slice(6)).toEqual([""]);
  });

  it.each(["", "two words", "a+b", "line\nbreak", "DSSEv1 28", "\u001b[2J", "x".repeat(201)])(
    "names no ledger %j",
    async (name) => {
      await expect(signCheckpoint({ origin: name, at: AT }, tree, signerOf())).rejects.toThrow("an origin is a name");
    },
  );
});

describe.each(["ed25519", "p256"] as const)("a checkpoint signed with %s", (kind) => {
  const signer = signerOf(kind);
  const other = signerOf(kind);
  const keys = keysOf(signer);
  const signed = (by = signer) => signCheckpoint({ origin, at: AT }, tree, by);

  it("is read again by who knows the key, beside others", async () => {
    const note = await signed();
    expect(readCheckpoint(note, keys)).toEqual({ checkpoint: { origin, at: AT, ...tree } });
    expect(readCheckpoint(note, keysOf(other, signer))).toEqual({ checkpoint: { origin, at: AT, ...tree } });
    expect(readCheckpoint(note, keysOf(other))).toEqual({ problem: "no key that is known signed it" });
  });

  it("verifies with openssl by the documented recipe, and not once it was changed", async () => {
    const folder = mkdtempSync(join(directory, kind));
    const note = await signed();
    const steps = documentedSteps("Verify by hand");
    const verify = (kind === "ed25519" ? steps[1] : steps[2]) ?? "";
    const instead = verify.replaceAll("signed.bin", "note.txt").replaceAll("signature.bin", "note.bin");
    const run = (text: string) => {
      writeFileSync(join(folder, "checkpoint.txt"), text);
      writeFileSync(join(folder, "public-key.pem"), publicPem(signer));
      return shell(folder, steps[4] ?? "", instead);
    };
    expect(run(note)).toMatch(/Verified OK|Signature Verified Successfully/);
    expect(() => run(note.replace("\n1204\n", "\n1205\n"))).toThrow();
  });

  it("may be signed by others beside us, whom nobody here knows", async () => {
    const [note, witness] = [await signed(), await signed(other)];
    const lines = [witness.split("\n")[5], "\u2014 someone.example/else AAAAAAAA", note.split("\n")[5]];
    expect(readCheckpoint(`${note.split("\n\u2014")[0]}\n${lines.join("\n")}\n`, keys)).toHaveProperty("checkpoint");
  });

  it.each<[string, (note: string) => string, string]>([
    [
      "its size changed",
      (note) => note.replace("\n1204\n", "\n1205\n"),
      "it was changed after it was signed, or is of another key",
    ],
    [
      "its root changed",
      (note) => note.replace("CsUY", "CsUZ"),
      "it was changed after it was signed, or is of another key",
    ],
    [
      "its time changed",
      (note) => note.replace("14:00:00.000Z", "15:00:00.000Z"),
      "it was changed after it was signed, or is of another key",
    ],
    ["its name changed", (note) => note.replace("acme\n", "evil\n"), "no key that is known signed it"],
    [
      "its name changed in both places",
      (note) => note.replaceAll("acme", "evil"),
      kind === "p256" ? "it was changed after it was signed, or is of another key" : "no key that is known signed it",
    ],
    [
      "its signature cut",
      (note) => note.replace(/.{4}\n$/, "\n"),
      "it was changed after it was signed, or is of another key",
    ],
    ["no signature", (note) => note.replace(/\u2014.*\n$/, ""), "no key that is known signed it"],
    ["only its text", (note) => note.split("\n\n")[0] ?? "", "it is not in the form of a checkpoint"],
    ["a leading zero", (note) => note.replace("\n1204\n", "\n01204\n"), "it is not in the form of a checkpoint"],
    [
      "a size beyond counting",
      (note) => note.replace("\n1204\n", "\n99999999999999999999\n"),
      "it is not in the form of a checkpoint",
    ],
    ["no time", (note) => note.replace(/time .*\n/, ""), "it is not in the form of a checkpoint"],
    ["a day that is none", (note) => note.replace("11-25", "13-45"), "it is not in the form of a checkpoint"],
    ["a line more", (note) => note.replace("\n\n", "\nmore\n\n"), "it is not in the form of a checkpoint"],
    ["nothing", () => "", "it is not in the form of a checkpoint"],
    ["too long", (note) => note + "x".repeat(100_000), "it is too long for a checkpoint"],
  ])("%s", async (_, change, problem) => {
    const note = await signed();
    expect(change(note)).not.toBe(note);
    expect(readCheckpoint(change(note), keys)).toEqual({ problem });
  });

  it("a second signature of a known key that does not fit", async () => {
    const note = await signed();
    const line = note.split("\n")[5] ?? "";
    const bad = `${line.slice(0, -6)}AAAA${line.slice(-2)}`;
    expect(bad).not.toBe(line);
    expect(readCheckpoint(`${note}${bad}\n`, keys)).toHaveProperty("problem");
  });

  it("of a key that was not valid then", async () => {
    const window = { until: "2026-11-25T13:59:59Z" };
    const history = knownKeys({ keys: [{ publicKey: publicPem(signer), ...window }] });
    expect(readCheckpoint(await signed(), history)).toEqual({ problem: `its key was not valid at ${AT}` });
  });
});
