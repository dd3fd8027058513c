import { createPublicKey, verify } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleFromJSON } from "@sigstore/bundle";
import { type TrustMaterial, toSignedEntity, Verifier } from "@sigstore/verify";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { canonicalBytes } from "../../src/evidence/canonical.ts";
import {
  type Envelope,
  envelopeBytes,
  envelopeDigest,
  PAYLOAD_TYPE,
  signEnvelope,
  signedBytes,
} from "../../src/evidence/envelope.ts";
import { checkEnvelope } from "../../src/evidence/envelope-check.ts";
import { statementOf } from "../../src/evidence/statement.ts";
import { leafHash } from "../../src/evidence/tree.ts";
import { keysOf, publicPem, sampleLedger, sampleRecord, signerOf, timeOf } from "./sample-record.ts";
import { documentedSteps, shell } from "./shell.ts";

const directory = mkdtempSync(join(tmpdir(), "countersign-envelope-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const KINDS = ["ed25519", "p256"] as const;
const EMPTY = { size: 0, previous: null, root: "" };
const statement = (text = "A token that acts as a person looks like that person.") =>
  statementOf(sampleRecord("landing/7/main/0", { limitations: [text] }), EMPTY, timeOf(0));

describe("what is signed (DSSE)", () => {
  const body = Buffer.from("hello world");
  const type = "http://example.com/HelloWorld";

  it("the published encoding, and the published signature over it", () => {
    const bytes = signedBytes(type, body);
    expect(bytes.toString("utf8")).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    const coordinate = (decimal: string) =>
      Buffer.from(BigInt(decimal).toString(16).padStart(64, "0"), "hex").toString("base64url");
    const key = createPublicKey({
      key: {
        kty: "EC",
        crv: "P-256",
        x: coordinate("46950820868899156662930047687818585632848591499744589407958293238635476079160"),
        y: coordinate("5640078356564379163099075877009565129882514886557779369047442380624545832820"),
      },
      format: "jwk",
    });
    const published = "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==";
    const signature = Buffer.from(published, "base64");
    const p1363 = { key, dsaEncoding: "ieee-p1363" } as const;
    expect(verify("sha256", bytes, p1363, signature)).toBe(true);
    expect(verify("sha256", signedBytes(`${type}s`, body), p1363, signature)).toBe(false);
    expect(verify("sha256", signedBytes(type, Buffer.from("hello worle")), p1363, signature)).toBe(false);
  });

  it("lengths are of bytes, not of characters", () => {
    expect(signedBytes("x/ä", Buffer.from("€")).toString("utf8")).toBe("DSSEv1 4 x/ä 3 €");
    expect(signedBytes("x", Buffer.of()).toString("utf8")).toBe("DSSEv1 1 x 0 ");
  });
});

describe.each(KINDS)("an envelope signed with %s", (kind) => {
  const signer = signerOf(kind);
  const folder = mkdtempSync(join(directory, kind));
  const [parts = "", ed25519 = "", p256 = "", digests = ""] = documentedSteps("Verify by hand");
  const verified = kind === "ed25519" ? ed25519 : p256;
  const written = async (envelope: Envelope, sequence = 0) => {
    const line = canonicalBytes({ id: "landing/7/main/0", sequence, envelope, digest: "", root: "" });
    writeFileSync(join(folder, "record.json"), `${line.toString()}\n`);
    writeFileSync(join(folder, "public-key.pem"), publicPem(signer));
  };

  it("verifies with openssl by the documented recipe, which also gives key id, digest and leaf", async () => {
    const envelope = await signEnvelope(statement('Ein Satz mit ä, \u{1f600} und "Anführung".'), signer);
    await written(envelope);
    expect(shell(folder, parts, verified)).toMatch(/Verified OK|Signature Verified Successfully/);
    expect(JSON.parse(shell(folder, "cat payload.json")).predicate.record.id).toBe("landing/7/main/0");
    const [keyId, digest, leaf] = shell(folder, parts, digests)
      .split("\n")
      .map((line) => line.slice(0, 64));
    expect(keyId).toBe(signer.keyId);
    expect(digest).toBe(envelopeDigest(envelope));
    const { payload, payloadType, signatures } = envelope;
    const [{ keyid, sig }] = signatures as [{ keyid: string; sig: string }];
    const canonical = `{"payload":"${payload}","payloadType":"${payloadType}","signatures":[{"keyid":"${keyid}","sig":"${sig}"}]}`;
    expect(leaf).toBe(leafHash(Buffer.from(canonical)));
  });

  it("the recipe's digest is what the next record names, and its leaf is in the ledger's root", async () => {
    const [first, second] = await sampleLedger([{ signer }, { signer }]);
    if (!first || !second) throw new Error("no ledger");
    await written(first.envelope);
    const [, digest, leaf] = shell(folder, parts, digests)
      .split("\n")
      .map((line) => line.slice(0, 64));
    expect(JSON.parse(Buffer.from(second.envelope.payload, "base64").toString()).predicate.record.previous).toBe(
      digest,
    );
    expect(leaf).toBe(first.root);
  });

  it("does not verify with openssl once a byte of it was changed", async () => {
    const envelope = await signEnvelope(statement(), signer);
    const payload = Buffer.from(envelope.payload, "base64");
    payload[payload.length - 10] = (payload[payload.length - 10] as number) ^ 1;
    await written({ ...envelope, payload: payload.toString("base64") });
    expect(() => shell(folder, parts, verified)).toThrow();
  });

  it("verifies with sigstore's verifier, without logs and timestamps, and not once it was changed", async () => {
    const envelope = await signEnvelope(statement(), signer);
    const trust: TrustMaterial = {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: (hint) => {
        expect(hint).toBe(signer.keyId);
        return { publicKey: signer.publicKey, validFor: () => true };
      },
    };
    const verifier = new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
    const entity = (dsseEnvelope: Envelope) =>
      toSignedEntity(
        bundleFromJSON({
          mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
          verificationMaterial: { publicKey: { hint: signer.keyId }, tlogEntries: [] },
          dsseEnvelope,
        }),
      );
    expect(verifier.verify(entity(envelope)).key).toBe(signer.publicKey);
    const other = await signEnvelope(statement("something else"), signer);
    expect(() => verifier.verify(entity({ ...envelope, payload: other.payload }))).toThrow(
      "signature verification failed",
    );
  });

  it("verifies with our own reader, in either alphabet of base64", async () => {
    // A payload whose base64 has both of the characters that the alphabets differ in.
    const envelope = await signEnvelope(statement("~~~???>>> ~~~???>>>\u00ff\u00fe"), signer);
    const url = (base64: string) => base64.replaceAll("+", "-").replaceAll("/", "_");
    const [signature] = envelope.signatures as [{ keyid: string; sig: string }];
    const other = {
      ...envelope,
      payload: url(envelope.payload),
      signatures: [{ ...signature, sig: url(signature.sig) }],
    };
    for (const one of [envelope, other])
      expect(await checkEnvelope(one, keysOf(signer))).toMatchObject({
        problems: [],
        record: { event: "ungoverned-merge" },
      });
    expect(envelopeDigest(other)).not.toBe(envelopeDigest(envelope));
  });
});

describe("an envelope", () => {
  it("has the canonical JSON of its parts, whatever they are", () => {
    const base64 = fc.base64String();
    const text = fc.string({ unit: "grapheme" });
    const signature = fc.record({ keyid: text, sig: base64 });
    const envelope = fc.record({
      payload: base64,
      payloadType: text,
      signatures: fc.array(signature, { minLength: 1 }),
    });
    fc.assert(
      fc.property(envelope, (one) => {
        expect(envelopeBytes(one)).toEqual(canonicalBytes(one));
      }),
    );
  });

  it("holds the statement in canonical JSON, whatever order it was built in", async () => {
    const signer = signerOf();
    const made = statement();
    const turned = Object.fromEntries(Object.entries(made).reverse());
    const [one, other] = [await signEnvelope(made, signer), await signEnvelope(turned, signer)];
    expect(one).toEqual(other);
    expect(one.payloadType).toBe(PAYLOAD_TYPE);
    expect(Buffer.from(one.payload, "base64").toString()).toMatch(
      /^\{"_type":"https:\/\/in-toto\.io\/Statement\/v1","predicate":/,
    );
  });
});
