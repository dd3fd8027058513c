import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { signEnvelope } from "../../src/evidence/envelope.ts";
import { checkEnvelope } from "../../src/evidence/envelope-check.ts";
import { statementOf } from "../../src/evidence/statement.ts";
import { externalSigner, SignerFault } from "../../src/signing/external-signer.ts";
import { localSigner } from "../../src/signing/local-signer.ts";
import { operatorSigner } from "../../src/signing/operator-signer.ts";
import { readSigning } from "../../src/signing/signing-settings.ts";
import { keysOf, newKey, publicPem, sampleRecord, timeOf } from "../evidence/sample-record.ts";

const directory = mkdtempSync(join(tmpdir(), "countersign-external-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const PATH = process.env.PATH ?? "";

/** A program of these lines. */
function program(name: string, ...lines: readonly string[]): string {
  const path = join(directory, name);
  writeFileSync(path, ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
  return path;
}

function keyFiles(kind: "ed25519" | "p256") {
  const key = newKey(kind);
  const path = join(directory, `${kind}.pem`);
  writeFileSync(path, key.export({ type: "pkcs8", format: "pem" }));
  const publicPath = join(directory, `${kind}.pub.pem`);
  writeFileSync(publicPath, publicPem(localSigner(key)));
  return { key, path, publicPath };
}

describe.each(["ed25519", "p256"] as const)("a program that signs with openssl, %s", (kind) => {
  const { key, path, publicPath } = keyFiles(kind);
  const signs =
    kind === "ed25519"
      ? `cat > "${directory}/in.$$"; openssl pkeyutl -sign -rawin -inkey "${path}" -in "${directory}/in.$$"`
      : `openssl dgst -sha256 -sign "${path}"`;

  it.each([
    ["as it is", signs],
    ["in base64", `{ ${signs}; } | base64`],
  ])("its signature %s makes an envelope that verifies", async (form, line) => {
    const path = program(`${kind}-${form.replaceAll(" ", "-")}`, line);
    const env = { COUNTERSIGN_SIGNER: path, COUNTERSIGN_SIGNER_PUBLIC_KEY_PATH: publicPath };
    const read = readSigning(env);
    if ("problems" in read) throw new Error(JSON.stringify(read.problems));
    const { signer, created } = operatorSigner(read.signing, directory, { ...env, PATH });
    expect(created).toBe(null);
    expect(signer.keyId).toBe(localSigner(key).keyId);
    const statement = statementOf(sampleRecord("x"), { size: 0, previous: null, root: "" }, timeOf(0));
    const envelope = await signEnvelope(statement, signer);
    expect((await checkEnvelope(envelope, keysOf(localSigner(key)))).problems).toEqual([]);
  });
});

describe("a program that does not sign", () => {
  const publicKey = localSigner(newKey()).publicKey;
  const signed = (path: string, patience = 20_000) =>
    externalSigner({ program: path, publicKey, environment: { PATH }, patience }).sign(Buffer.alloc(200_000, 65));

  it.each<[string, readonly string[], string]>([
    ["writes nothing", ["cat > /dev/null"], "wrote 0 bytes that are no signature of its public key"],
    [
      "writes something else",
      ["cat > /dev/null", "echo hello"],
      "wrote 6 bytes that are no signature of its public key",
    ],
    ["fails", ["cat > /dev/null", "exit 3"], "ended with exit code 3"],
    ["does not read", ["exit 0"], "wrote 0 bytes that are no signature of its public key"],
    ["writes without end", ["yes"], "wrote more than 4096 bytes"],
  ])("because it %s", async (name, lines, said) => {
    const fault = signed(program(name.replaceAll(" ", "-"), ...lines));
    await expect(fault).rejects.toThrow(SignerFault);
    await expect(fault).rejects.toThrow(`COUNTERSIGN_SIGNER ${said}`);
  });

  it.each([
    ["itself", "sleep 1; touch"],
    ["in what it has started", "sh -c 'sleep 1; touch \"$0\"'"],
  ])("because it hangs, %s; nothing of it goes on", async (name, line) => {
    const later = join(directory, `later ${name}`);
    await expect(signed(program(`hangs ${name}`, `${line} "${later}"`), 300)).rejects.toThrow(
      "COUNTERSIGN_SIGNER took longer than 0.3 seconds",
    );
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(existsSync(later)).toBe(false);
  });

  it("because it is ended from outside", async () => {
    await expect(signed(program("ended", "kill -9 $$"))).rejects.toThrow("COUNTERSIGN_SIGNER was ended by SIGKILL");
  });

  it("because it is gone", async () => {
    await expect(signed(join(directory, "gone"))).rejects.toThrow("COUNTERSIGN_SIGNER could not be started (ENOENT)");
  });

  it("because it signs with another key than it should", async () => {
    const { path } = keyFiles("p256");
    await expect(signed(program("other", `openssl dgst -sha256 -sign "${path}"`))).rejects.toThrow(
      "no signature of its public key",
    );
  });
});

describe("what the program is given", () => {
  it("no arguments, no shell, and the environment without secrets of ours", async () => {
    const report = join(directory, "given.txt");
    const path = program("given; touch injected", `{ echo "$#"; env; cat; } > "${report}"`);
    const secrets = {
      PRIVATE_KEY: "a1",
      WEBHOOK_SECRET: "b2",
      COUNTERSIGN_SIGNING_KEY: "c3",
      PRIVATE_KEY_PATH: "d4",
      PGPASSWORD: "e5",
      GITHUB_TOKEN: "f6",
    };
    const environment = { PATH, AWS_PROFILE: "audit", ...secrets };
    const signer = externalSigner({ program: path, publicKey: localSigner(newKey()).publicKey, environment });
    await expect(signer.sign(Buffer.from("the bytes"))).rejects.toThrow(SignerFault);
    const given = readFileSync(report, "utf8");
    expect(given).toMatch(/^0\n/);
    expect(given).toContain("AWS_PROFILE=audit");
    expect(given).toMatch(/the bytes$/);
    for (const name of Object.keys(secrets)) expect(given).not.toContain(`${name}=`);
    expect(readdirSync(directory)).not.toContain("injected");
  });
});
