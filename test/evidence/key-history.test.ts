import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isSignedBy, KeyHistory, knownKeys, publicKeyOf, UnusableKey } from "../../src/evidence/key-history.ts";
import { newKey, publicPem, signerOf } from "./sample-record.ts";

const [first, second] = [signerOf(), signerOf("p256")];
const pem = publicPem(first);

describe("a history of keys", () => {
  it("gives each key with its times, one key also with several", () => {
    const known = knownKeys({
      keys: [
        { publicKey: pem, until: "2026-01-01T00:00:00Z" },
        { publicKey: publicPem(second), from: "2026-01-01T00:00:00+01:00", until: "2026-02-01T00:00:00Z" },
        { publicKey: pem, from: "2026-02-01T00:00:00Z" },
      ],
    });
    expect([...known.keys()]).toEqual([first.keyId, second.keyId]);
    expect(known.get(first.keyId)?.windows).toEqual([
      { from: -Infinity, until: Date.UTC(2026, 0, 1) },
      { from: Date.UTC(2026, 1, 1), until: Infinity },
    ]);
    expect(known.get(second.keyId)?.windows).toEqual([
      { from: Date.UTC(2025, 11, 31, 23), until: Date.UTC(2026, 1, 1) },
    ]);
  });

  it("may hold a key with line ends and text as files have them", () => {
    for (const text of [pem.replaceAll("\n", "\r\n"), `\n${pem}\n`, pem.trim()])
      expect(knownKeys({ keys: [{ publicKey: text }] }).has(first.keyId)).toBe(true);
  });

  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey;
  const spki = (key: typeof rsa) => key.export({ type: "spki", format: "pem" }).toString();
  const secret = newKey().export({ type: "pkcs8", format: "pem" }).toString();

  it.each([
    ["RSA", spki(rsa), "key 2 of the history is neither an Ed25519 nor a P-256 key"],
    ["another curve", spki(p384), "key 2 of the history is neither an Ed25519 nor a P-256 key"],
    ["no key", "a text", "key 2 of the history is no public key in PEM form"],
    ["a cut key", pem.slice(0, 60), "key 2 of the history is no public key in PEM form"],
    ["a private key, which does not belong there", secret, "key 2 of the history is no public key in PEM form"],
  ])("refuses %s, and says which one", (_, publicKey, problem) => {
    const refused = () => knownKeys({ keys: [{ publicKey: pem }, { publicKey }] });
    expect(refused).toThrow(UnusableKey);
    expect(refused).toThrow(problem);
  });

  it("refuses a time that ends before it begins", () => {
    const window = { from: "2026-02-01T00:00:00Z", until: "2026-01-01T00:00:00Z" };
    expect(() => knownKeys({ keys: [{ publicKey: pem, ...window }] })).toThrow(
      "key 1 of the history ends before it begins",
    );
  });

  it.each([
    ["no keys", { keys: [] }],
    ["a misspelt field", { keys: [{ publicKey: pem, till: "2026-01-01T00:00:00Z" }] }],
    ["a date without a time", { keys: [{ publicKey: pem, until: "2026-01-01" }] }],
    ["a list", [pem]],
  ])("is not %s", (_, json) => {
    expect(KeyHistory.safeParse(json).success).toBe(false);
  });
});

describe("a signature", () => {
  it.each(["ed25519", "p256"] as const)("of %s is of this key over these bytes alone", async (kind) => {
    const [signer, other] = [signerOf(kind), signerOf(kind)];
    const bytes = Buffer.from("what is signed");
    const signature = await signer.sign(bytes);
    expect(isSignedBy(signer.publicKey, bytes, signature)).toBe(true);
    expect(isSignedBy(other.publicKey, bytes, signature)).toBe(false);
    expect(isSignedBy(signer.publicKey, Buffer.from("what is signee"), signature)).toBe(false);
    for (const bad of [
      Buffer.of(),
      Buffer.from("junk"),
      Buffer.concat([signature, Buffer.of(0)]),
      signature.subarray(1),
    ])
      expect(isSignedBy(signer.publicKey, bytes, bad)).toBe(false);
  });

  it("a public key is named by its SPKI, however it was written", () => {
    const key = createPublicKey({ key: first.publicKey.export({ format: "jwk" }), format: "jwk" });
    expect(publicKeyOf(key.export({ type: "spki", format: "pem" }).toString(), "it").equals(first.publicKey)).toBe(
      true,
    );
  });
});
