import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { integrityFree } from "../../../src/detectors/credential/integrity-free.ts";

const PAD = `${"x".repeat(999)}\n`.repeat(100);
const digest = (algorithm: string, text: string) =>
  `${algorithm}-${createHash(algorithm).update(text).digest("base64")}`;

describe("a long text without integrity digests", () => {
  it.each(["sha512", "sha1"])("leaves out whole digests of %s, and no line", (algorithm) => {
    const lines = ["a", "b", "c"].map((name) => `"integrity": "${digest(algorithm, name)}",\n`).join("");
    const text = integrityFree(`${PAD}${lines}end`);
    expect(text).toBe(`${PAD}${'"integrity": "",\n'.repeat(3)}end`);
  });
  it("keeps what is not exactly a digest, where anything could stand", () => {
    const own = `${digest("sha512", "a").slice(0, 40)}secret`;
    for (const odd of [own, `${digest("sha512", "a")}more`, digest("sha512", "a").replace("==", "\n=")])
      expect(integrityFree(PAD + odd)).toBe(PAD + odd);
  });
  it("leaves short texts alone", () => {
    const text = digest("sha512", "a");
    expect(integrityFree(text)).toBe(text);
  });
});
