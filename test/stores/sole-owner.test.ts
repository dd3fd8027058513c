import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { soleOwner } from "../../src/stores/sole-owner.ts";

it("only one program at a time works on a database; the next one may once it is released", () => {
  const directory = mkdtempSync(join(tmpdir(), "countersign-owner-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, "deep", "countersign.db");
  const first = soleOwner(path, 10);
  expect(() => soleOwner(path, 10)).toThrow(/another program works on .*countersign\.db; stop it first/);
  first.release();
  soleOwner(path, 10).release();
  soleOwner(":memory:").release();
  soleOwner(":memory:").release();
});
