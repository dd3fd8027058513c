import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { PRIVATE_KEY, SECRET, signature } from "./web/service-scene.ts";

const START = fileURLToPath(new URL("../src/start.ts", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "countersign-start-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Starts the program as `npm start` does, in an empty folder, with nothing set but what is given. */
function started(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [START], { cwd: directory, env: { PATH: process.env.PATH ?? "", ...env } });
  const said = { out: "", err: "" };
  let heard = (): void => {};
  child.stdout.on("data", (data) => {
    said.out += data;
    heard();
  });
  child.stderr.on("data", (data) => {
    said.err += data;
  });
  const exit = new Promise<number | null>((resolve) => child.on("close", resolve));
  const listening = new Promise<string>((resolve, reject) => {
    heard = () => {
      const url = /"url":"([^"]+)"/.exec(said.out)?.[1];
      if (url) resolve(url);
    };
    void exit.then((code) => reject(new Error(`ended with ${code}: ${said.err}`)));
  });
  listening.catch(() => {});
  return { child, said, exit, listening };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const configured = async () => ({
  APP_ID: "123",
  PRIVATE_KEY,
  WEBHOOK_SECRET: SECRET,
  PORT: String(await freePort()),
  GITHUB_API_URL: "http://127.0.0.1:9",
});

describe("npm start", () => {
  it("says how to begin where nothing is set", async () => {
    const { exit, said } = started({});
    expect(await exit).toBe(2);
    expect(said.err).toContain("APP_ID=123456");
    expect(said.err).not.toMatch(/^\s+at /m);
    expect(said.out).toBe("");
  });

  it("P42 does not start without a secret: names everything that is wrong, without a stack trace", async () => {
    const { exit, said } = started({ APP_ID: "x", PORT: "x" });
    expect(await exit).toBe(2);
    for (const name of ["APP_ID", "PRIVATE_KEY", "WEBHOOK_SECRET", "PORT"]) expect(said.err).toContain(`  ${name} `);
    expect(said.err).not.toMatch(/^\s+at /m);
  });

  it("says what to change where the port is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const PORT = String((server.address() as AddressInfo).port);
    const { exit, said } = started({ ...(await configured()), PORT });
    expect(await exit).toBe(2);
    expect(said.err).toContain("give another PORT");
    expect(said.err).not.toMatch(/^\s+at /m);
    await new Promise((resolve) => server.close(resolve));
  });

  it("ends with exit code 2 and says what to do where the signing key cannot be used, in a setting or beside the database", async () => {
    const key = join(directory, "signing.pem");
    writeFileSync(key, PRIVATE_KEY);
    const set = started({ ...(await configured()), COUNTERSIGN_SIGNING_KEY_PATH: key });
    expect(await set.exit).toBe(2);
    expect(set.said.err).toContain("COUNTERSIGN_SIGNING_KEY_PATH holds no Ed25519 or P-256 private key in PEM form.");
    expect(set.said.err).toContain("openssl genpkey");

    const folder = join(directory, "damaged");
    mkdirSync(folder);
    writeFileSync(join(folder, "countersign-signing-key.pem"), PRIVATE_KEY.slice(0, 200));
    const own = started({ ...(await configured()), DATABASE_PATH: join(folder, "countersign.db") });
    expect(await own.exit).toBe(2);
    expect(own.said.err).toContain("countersign-signing-key.pem holds no Ed25519 or P-256 private key");
    expect(own.said.err).toContain("Put the copy of the signing key back");
    for (const { err } of [set.said, own.said]) {
      expect(err).not.toMatch(/^\s+at /m);
      expect(err).not.toContain(PRIVATE_KEY.slice(40, 100));
    }
  });

  it("makes a signing key at its first start, says where it is once, and keeps it", async () => {
    const DATABASE_PATH = join(directory, "first/countersign.db");
    const key = join(directory, "first/countersign-signing-key.pem");
    const first = started({ ...(await configured()), DATABASE_PATH });
    await first.listening;
    first.child.kill("SIGTERM");
    expect(await first.exit).toBe(0);
    const warnings = first.said.out.split("\n").filter((line) => line.includes('"level":"warn"'));
    expect(warnings.join()).toContain(key);
    expect(warnings.join()).toContain("Back this file up");
    const pem = readFileSync(key, "utf8");
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(first.said.out + first.said.err).not.toContain(pem.split("\n")[1]);

    const second = started({ ...(await configured()), DATABASE_PATH });
    await second.listening;
    second.child.kill("SIGTERM");
    expect(await second.exit).toBe(0);
    expect(second.said.out).not.toContain("Back this file up");
    expect(readFileSync(key, "utf8")).toBe(pem);
  });

  it("reads .env, receives, ends orderly on SIGTERM, and has kept what it acknowledged", async () => {
    const { APP_ID, ...rest } = await configured();
    writeFileSync(join(directory, ".env"), `APP_ID=${APP_ID}\n`);
    const first = started(rest);
    const url = await first.listening;
    const body = JSON.stringify({
      action: "edited",
      changes: { base: {} },
      installation: { id: 9 },
      repository: { id: 7, name: "agent", owner: { login: "acme" } },
      sender: { login: "olga" },
      pull_request: { number: 1, updated_at: "x", user: null, head: { sha: "a".repeat(40) }, base: { ref: "main" } },
    });
    const answer = await fetch(`${url}/webhook`, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "x-github-event": "pull_request",
        "x-github-delivery": "1",
        "x-hub-signature-256": signature(body),
      },
    });
    expect(answer.status).toBe(202);
    first.child.kill("SIGTERM");
    expect(await first.exit).toBe(0);
    expect(first.said.out).toContain('"msg":"stopped"');
    expect(first.said.out).not.toContain(SECRET);

    const second = started(rest);
    const state = (await (await fetch(`${await second.listening}/readyz`)).json()) as { waiting: object };
    expect(state.waiting).toEqual({ "decide-pull-request": 1 });
    second.child.kill("SIGTERM");
    expect(await second.exit).toBe(0);
  });
});
