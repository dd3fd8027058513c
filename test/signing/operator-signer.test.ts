import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isSignedBy, keyIdOf, publicKeyOf } from "../../src/evidence/key-history.ts";
import { localSigner } from "../../src/signing/local-signer.ts";
import { operatorSigner, SigningKeyFault } from "../../src/signing/operator-signer.ts";
import { OWN_KEY, readSigning, type SigningSettings } from "../../src/signing/signing-settings.ts";
import { signingWarnings } from "../../src/signing/signing-warnings.ts";
import { ledgerOf, newKey, publicPem, signerOf } from "../evidence/sample-record.ts";

const directory = mkdtempSync(join(tmpdir(), "countersign-signing-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const folder = () => mkdtempSync(join(directory, "data-"));
const pemOf = (key: ReturnType<typeof newKey>) => key.export({ type: "pkcs8", format: "pem" }).toString();
const settings = (env: Readonly<Record<string, string>>): SigningSettings => {
  const read = readSigning(env);
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  return read.signing;
};

describe("a key of its own", () => {
  it("is made at the first start, for its user alone, with the public one beside it, and used ever after", async () => {
    const data = join(folder(), "not/there/yet");
    const first = operatorSigner(OWN_KEY, data, {});
    const path = join(data, "countersign-signing-key.pem");
    expect(first.created).toBe(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const publicName = `countersign-public-key-${first.signer.keyId.slice(0, 16)}.pem`;
    expect(readdirSync(data).sort()).toEqual([publicName, "countersign-signing-key.pem"]);
    const key = publicKeyOf(readFileSync(join(data, publicName), "utf8"), "it");
    expect(keyIdOf(key)).toBe(first.signer.keyId);

    const second = operatorSigner(OWN_KEY, data, {});
    expect(second.created).toBe(null);
    expect(second.signer.keyId).toBe(first.signer.keyId);
    const bytes = Buffer.from("x");
    expect(isSignedBy(key, bytes, await second.signer.sign(bytes))).toBe(true);
    expect([...second.keys.keys()]).toEqual([first.signer.keyId]);
  });

  it("after the first one was lost is another one, and the public key of the first stays", () => {
    const data = folder();
    const first = operatorSigner(OWN_KEY, data, {});
    rmSync(join(data, "countersign-signing-key.pem"));
    const second = operatorSigner(OWN_KEY, data, {});
    expect(second.created).not.toBe(null);
    expect(second.signer.keyId).not.toBe(first.signer.keyId);
    expect(readdirSync(data).filter((name) => name.includes("public"))).toHaveLength(2);
  });

  it("is gone with the program where nothing is kept", () => {
    const [one, other] = [operatorSigner(OWN_KEY, null, {}), operatorSigner(OWN_KEY, null, {})];
    expect(one.created).toBe(null);
    expect(one.signer.keyId).not.toBe(other.signer.keyId);
  });

  it.each<[string, (path: string) => void, RegExp]>([
    [
      "damaged",
      (path) => writeFileSync(path, pemOf(newKey()).slice(0, 60)),
      /holds no Ed25519 or P-256 private key in PEM form$/,
    ],
    ["of a folder", (path) => mkdirSync(path), /cannot be read \(EISDIR\)$/],
  ])("that is %s is never replaced, and never quoted", (_, damage, said) => {
    const data = folder();
    damage(join(data, "countersign-signing-key.pem"));
    const opened = () => operatorSigner(OWN_KEY, data, {});
    expect(opened).toThrow(SigningKeyFault);
    expect(opened).toThrow(said);
    expect(readdirSync(data)).toEqual(["countersign-signing-key.pem"]);
  });

  it("that cannot be written says where", () => {
    const file = join(folder(), "file");
    writeFileSync(file, "");
    expect(() => operatorSigner(OWN_KEY, join(file, "data"), {})).toThrow(/cannot be (?:read|written to)/);
  });
});

describe("a key that was given", () => {
  it.each(["ed25519", "p256"] as const)(
    "%s: from the environment in each form, and from a file, signs alike",
    async (kind) => {
      const key = newKey(kind);
      const pem = pemOf(key);
      const path = join(folder(), "key.pem");
      writeFileSync(path, pem);
      const forms = [
        { COUNTERSIGN_SIGNING_KEY: pem },
        { COUNTERSIGN_SIGNING_KEY: pem.replaceAll("\n", "\\n") },
        { COUNTERSIGN_SIGNING_KEY: Buffer.from(pem).toString("base64") },
        { COUNTERSIGN_SIGNING_KEY_PATH: path },
      ];
      for (const form of forms) {
        const data = folder();
        const { signer, created } = operatorSigner(settings(form), data, {});
        expect([signer.keyId, created]).toEqual([localSigner(key).keyId, null]);
        const bytes = Buffer.from("x");
        expect(isSignedBy(localSigner(key).publicKey, bytes, await signer.sign(bytes))).toBe(true);
        expect(readdirSync(data)).toEqual([]);
      }
    },
  );

  it("stands beside the keys of its history, which rule its time if they name it", () => {
    const [key, old] = [newKey(), signerOf()];
    const path = join(folder(), "history.json");
    const opened = (keys: object[]) => {
      writeFileSync(path, JSON.stringify({ keys }));
      const env = { COUNTERSIGN_SIGNING_KEY: pemOf(key), COUNTERSIGN_KEY_HISTORY_PATH: path };
      return operatorSigner(settings(env), null, env);
    };
    const until = { publicKey: publicPem(old), until: "2026-01-01T00:00:00Z" };
    const alone = opened([until]);
    expect([...alone.keys.keys()]).toEqual([old.keyId, alone.signer.keyId]);
    expect(alone.keys.get(alone.signer.keyId)?.windows).toEqual([{ from: -Infinity, until: Infinity }]);
    const named = opened([until, { publicKey: publicPem(alone.signer), from: "2026-01-01T00:00:00Z" }]);
    expect(named.keys.get(named.signer.keyId)?.windows).toEqual([{ from: Date.UTC(2026, 0, 1), until: Infinity }]);
  });
});

describe("what the operator is warned of", () => {
  const now = Date.UTC(2026, 5, 1);
  const ledger = async (entries: Awaited<ReturnType<typeof ledgerOf>>) => ({
    tip: async () => ({ size: entries.length, previous: null, root: "" }),
    async *entries(from: number) {
      yield* entries.slice(from);
    },
  });

  it("a key that was made just now: where it is, to back it up, and how to give another", async () => {
    const opened = operatorSigner(OWN_KEY, folder(), {});
    const [warning, ...more] = await signingWarnings(opened, await ledger([]), now);
    expect(more).toEqual([]);
    expect(warning).toContain(opened.created);
    expect(warning).toMatch(/Back this file up.*COUNTERSIGN_SIGNING_KEY_PATH/);
    expect(await signingWarnings({ ...opened, created: null }, await ledger([]), now)).toEqual([]);
  });

  it("a key that its history does not have valid now", async () => {
    const opened = operatorSigner(OWN_KEY, null, {});
    const ended = {
      keyId: opened.signer.keyId,
      key: opened.signer.publicKey,
      windows: [{ from: -Infinity, until: now - 1 }],
    };
    const [warning] = await signingWarnings(
      { ...opened, keys: new Map([[ended.keyId, ended]]) },
      await ledger([]),
      now,
    );
    expect(warning).toContain("which is not valid now by the key history");
  });

  it("a newest record of a key that is not known any more", async () => {
    const [opened, old] = [operatorSigner(OWN_KEY, null, {}), signerOf()];
    const [warning] = await signingWarnings(opened, await ledger(await ledgerOf(3, old)), now);
    expect(warning).toContain(`signed with another key (${old.keyId.slice(0, 16)})`);
    expect(warning).toContain("COUNTERSIGN_KEY_HISTORY_PATH");
    expect(await signingWarnings(opened, await ledger(await ledgerOf(3, opened.signer)), now)).toEqual([]);
  });

  it("a newest record that something else has changed, in whatever way", async () => {
    const opened = operatorSigner(OWN_KEY, null, {});
    const [entry] = await ledgerOf(1, opened.signer);
    for (const broken of [null, { ...entry, envelope: "x" }, { ...entry, envelope: { signatures: [{}] } }]) {
      const given = await ledger([broken as never]);
      const [warning, ...more] = await signingWarnings(opened, given, now);
      expect(warning).toContain("the newest record cannot be read");
      expect(more).toEqual([]);
    }
  });
});
