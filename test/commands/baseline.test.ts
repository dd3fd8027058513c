import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { run } from "../../src/commands/run.ts";
import { embeddedDatabase } from "../../src/queues/embedded-database.ts";
import { mismatches } from "../github/conformance.ts";
import { loopbackGitHub } from "../github/server.ts";
import { recorded } from "./repository.ts";

/** An organisation with an owner and a member, and an App's database that remembers its policy. */
async function scene() {
  const github = await loopbackGitHub();
  const directory = mkdtempSync(join(tmpdir(), "countersign-baseline-"));
  onTestFinished(async () => {
    await github.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const acme = github.world.organisation("acme", { root: "admin", anna: "member" });
  github.world.user("stranger");
  const file = join(directory, "countersign.db");
  const open = embeddedDatabase(file);
  onTestFinished(() => open.close());
  await open.store.putBaseline(acme.id, Buffer.from("version: 1\n"), "2026-11-01T00:00:00Z");
  await open.store.putBaseline(acme.id + 1, Buffer.from("version: 1\n"), "2026-11-01T00:00:00Z");
  return {
    ...{ github, acme, file, directory, store: open.store },
    async forget(args: readonly string[], token = "ghp_root") {
      const { io, out, err } = recorded();
      const environment = { GITHUB_API_URL: github.url, ...(token === "" ? {} : { GITHUB_TOKEN: token }) };
      const exit = await run(["baseline", "forget", ...args], { ...io, environment });
      return { exit, out: out(), err: err() };
    },
  };
}

describe("countersign baseline forget", () => {
  it("S03 an owner of the organisation has its policy forgotten, while the App runs, and is told what it was", async () => {
    const s = await scene();
    const args = ["--organization", "ACME", "--database", s.file];
    const { exit, out } = await s.forget(args);
    expect(exit).toBe(0);
    expect(out).toContain(`Forgot the policy of acme (organisation ${s.acme.id}) in ${s.file}.`);
    expect(out).toContain("It was last read 2026-11-01T00:00:00Z: 11 bytes, sha256 ");
    expect(out).toContain("By @root, an owner of the organisation, at 2026-11-24T12:00:00.000Z.");
    expect(await s.store.baselineOf(s.acme.id)).toBeNull();
    expect(await s.store.baselineOf(s.acme.id + 1)).not.toBeNull();
    expect(await s.forget(args)).toMatchObject({
      exit: 1,
      out: expect.stringContaining("No policy of acme is remembered"),
    });
    expect(s.github.recorded.flatMap(mismatches)).toEqual([]);
  });

  it.each(["ghp_anna", "ghp_stranger"])("S03 nobody else: %s", async (token) => {
    const s = await scene();
    const { exit, err, out } = await s.forget(["--organization", "acme", "--database", s.file], token);
    expect([exit, out]).toEqual([2, ""]);
    expect(err).toMatch(/only an owner of the organisation may have its policy forgotten|GitHub does not show acme/);
    expect(err).not.toContain(token);
    expect(await s.store.baselineOf(s.acme.id)).not.toBeNull();
  });

  it("refuses what it cannot use, and makes no database", async () => {
    const s = await scene();
    const refused = async (args: readonly string[], token?: string) => {
      const { exit, err } = await s.forget(args, token);
      expect(exit).toBe(2);
      return err;
    };
    const organization = ["--organization", "acme"];
    expect(await refused(organization)).toContain("needs --organization LOGIN and --database FILE");
    expect(await refused(["--organization", "a/b", "--database", s.file])).toContain(
      "expected the name of an organisation",
    );
    const nowhere = join(s.directory, "other.db");
    expect(await refused([...organization, "--database", nowhere])).toContain(
      "is not there; give the App's DATABASE_PATH",
    );
    expect(readdirSync(s.directory).filter((name) => name.startsWith("other"))).toEqual([]);
    expect(await refused([...organization, "--database", s.file], "")).toContain("needs a token of an owner of acme");
    expect(await refused([...organization, "--database", s.file], "ghp_unknown000000")).toContain(
      "GitHub refuses the token",
    );
    const { io, err } = recorded();
    expect(await run(["baseline"], io)).toBe(2);
    expect(err()).toContain("expected baseline forget");
  });
});
