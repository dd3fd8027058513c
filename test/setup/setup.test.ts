import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { readEnvironment } from "../../src/environment.ts";
import { readManifest } from "../../src/manifest-file.ts";
import { runSetup } from "../../src/setup/run-setup.ts";
import { recorded } from "../commands/repository.ts";
import { mismatches } from "../github/conformance.ts";
import { confirmManifest } from "../github/routes-manifest.ts";
import { type LoopbackGitHub, loopbackGitHub } from "../github/server.ts";

const WEBHOOK = "https://countersign.example.com/webhook";

async function github(): Promise<LoopbackGitHub> {
  const loopback = await loopbackGitHub();
  loopback.world.organisation("acme", { root: "admin" });
  loopback.world.repository("acme/support", { "README.md": "# Support\n" });
  onTestFinished(() => loopback.close());
  return loopback;
}

/** `npm run setup` in an empty folder; `page` is the address that it prints. */
async function started(loopback: LoopbackGitHub, args: readonly string[] = [], most = 5_000) {
  const folder = mkdtempSync(join(tmpdir(), "countersign-setup-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { io, out, err } = recorded();
  const ending = new AbortController();
  const exit = runSetup(args, {
    folder,
    io: { ...io, environment: { GITHUB_API_URL: loopback.url } },
    signal: ending.signal,
    waiting: { every: 20, most },
  });
  exit.catch(() => {});
  onTestFinished(async () => {
    ending.abort();
    await exit.catch(() => {});
  });
  while (!out().includes("http://127.0.0.1:")) await new Promise((resolve) => setTimeout(resolve, 5));
  const page = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(out())?.[0] ?? "";
  return { folder, out, err, exit, page, ending };
}

/** Sends the first form as a browser does. */
async function sent(page: string, fields: Record<string, string>) {
  const body = new URLSearchParams({ organization: "", url: WEBHOOK, repository: "", ...fields });
  const response = await fetch(page, { method: "POST", body, headers: { origin: new URL(page).origin } });
  return { status: response.status, html: await response.text(), headers: response.headers };
}

/** The form of the second page. */
function formOf(html: string): { readonly action: string; readonly fields: URLSearchParams } {
  const text = (value: string) => value.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  const [, action = ""] = /<form method="post" action="([^"]+)"/.exec(html) ?? [];
  const inputs = [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return {
    action: text(action),
    fields: new URLSearchParams(inputs.map(([, name = "", value = ""]): [string, string] => [name, text(value)])),
  };
}

const permissions = (path: string) => statSync(path).mode & 0o777;

describe("npm run setup", () => {
  it("P42 registers the App, writes settings that work and are this user's alone, and shows a first doctor", async () => {
    const loopback = await github();
    const setup = await started(loopback);
    expect((await fetch(setup.page)).status).toBe(200);
    const { html } = await sent(setup.page, { organization: "acme", repository: "acme/support" });
    const { action, fields } = formOf(html);
    expect(action).toMatch(new RegExp(`^${loopback.url}/organizations/acme/settings/apps/new\\?state=[\\w-]{32}$`));
    const back = confirmManifest(loopback, action, fields);
    const done = await (await fetch(back)).text();
    const app = loopback.world.apps.find(({ slug }) => slug === "countersign-acme");
    expect(done).toContain(`<a href="${loopback.url}/apps/countersign-acme/installations/new">`);
    loopback.world.install(app as NonNullable<typeof app>, "acme");
    expect(await setup.exit).toBe(0);

    expect(readdirSync(setup.folder).toSorted()).toEqual([".env", "countersign-acme.private-key.pem"]);
    for (const name of readdirSync(setup.folder)) expect(permissions(join(setup.folder, name))).toBe(0o600);
    const env = parseEnv(readFileSync(join(setup.folder, ".env"), "utf8"));
    expect(Object.keys(env).toSorted()).toEqual(["APP_ID", "GITHUB_API_URL", "PRIVATE_KEY_PATH", "WEBHOOK_SECRET"]);
    const key = join(setup.folder, env.PRIVATE_KEY_PATH ?? "");
    const read = readEnvironment({ ...env, PRIVATE_KEY_PATH: key });
    expect(read).toMatchObject({
      settings: { appId: app?.id, webhookSecrets: [app?.webhook?.secret], apiUrl: loopback.url },
    });

    const manifest = readManifest();
    expect(app?.permissions).toEqual(
      Object.fromEntries(Object.entries(manifest.permissions).map(([name, { level }]) => [name, level])),
    );
    expect(app?.events).toEqual(manifest.events);
    expect(app?.webhook?.url).toBe(WEBHOOK);

    const said = `${setup.out()}${setup.err()}`;
    expect(said).toContain(`${loopback.url}/apps/countersign-acme/installations/new`);
    expect(said).toContain("Countersign at acme/support");
    expect(said).toContain("the App is installed on acme/support");
    expect(said).toContain("? unknown: whether `countersign` is required on `main`: branch protection is shown to");
    expect(said).toContain("there is no policy: the built-in one only observes");
    // No secret is ever printed, and none stands in a page.
    for (const secret of [env.WEBHOOK_SECRET ?? "", "PRIVATE KEY", readFileSync(key, "utf8").split("\n")[3] ?? ""]) {
      expect(said).not.toContain(secret);
      expect(html + done).not.toContain(secret);
    }
    expect(loopback.recorded.flatMap(mismatches)).toEqual([]);
  });

  it("without an organisation the App belongs to the person; a path of one's own is kept", async () => {
    const loopback = await github();
    const setup = await started(loopback);
    const { html } = await sent(setup.page, { url: "https://h.example/hooks/github" });
    const { action, fields } = formOf(html);
    expect(new URL(action).pathname).toBe("/settings/apps/new");
    await fetch(confirmManifest(loopback, action, fields));
    expect(await setup.exit).toBe(0);
    expect(readFileSync(join(setup.folder, ".env"), "utf8")).toContain("WEBHOOK_PATH=/hooks/github\n");
    expect(setup.out()).toContain("doctor --repository OWNER/NAME --app-id");
  });

  it("an existing .env is refused before anything is registered, and left as it is", async () => {
    const folder = mkdtempSync(join(tmpdir(), "countersign-setup-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, ".env"), "APP_ID=1\n");
    const { io } = recorded();
    const place = { folder, io, signal: new AbortController().signal, waiting: { every: 1, most: 1 } };
    await expect(runSetup([], place)).rejects.toThrow(".env is here already and is never overwritten; move it away");
    expect(readFileSync(join(folder, ".env"), "utf8")).toBe("APP_ID=1\n");
  });

  it("a .env that appears meanwhile is left too, and the secrets that GitHub tells once are kept beside it", async () => {
    const loopback = await github();
    const setup = await started(loopback);
    const { action, fields } = formOf((await sent(setup.page, {})).html);
    writeFileSync(join(setup.folder, ".env"), "APP_ID=1\n");
    await fetch(confirmManifest(loopback, action, fields, "late"));
    expect(await setup.exit).toBe(0);
    expect(readFileSync(join(setup.folder, ".env"), "utf8")).toBe("APP_ID=1\n");
    expect(permissions(join(setup.folder, ".env.late"))).toBe(0o600);
    expect(setup.out()).toContain(".env.late");
  });

  it("GitHub's failure is told with what to do, without the code, and the same address can be tried again", async () => {
    const loopback = await github();
    const setup = await started(loopback);
    const { action, fields } = formOf((await sent(setup.page, {})).html);
    const back = confirmManifest(loopback, action, fields);
    loopback.faults.next({ route: "POST /app-manifests/{code}/conversions", fault: { status: 502 } });
    const failed = await fetch(back);
    expect(failed.status).toBe(502);
    const html = await failed.text();
    expect(html).toContain("answered 502 when asked for its key. Reload the page to try again");
    expect(`${html}${setup.out()}${setup.err()}`).not.toContain(new URL(back).searchParams.get("code"));
    expect((await fetch(back)).status).toBe(200);
    expect(await setup.exit).toBe(0);
  });

  it("when nobody installs it in time, the settings stand and the way on is told", async () => {
    const loopback = await github();
    const setup = await started(loopback, ["--repository", "acme/support", "--url", WEBHOOK], 50);
    const { action, fields } = formOf((await sent(setup.page, { repository: "acme/support" })).html);
    await fetch(confirmManifest(loopback, action, fields));
    expect(await setup.exit).toBe(0);
    expect(setup.out()).toContain("It was not installed yet; run doctor when it is.");
  });
});

describe("the pages of the set-up", () => {
  it("P42 are on 127.0.0.1 alone, under an address that cannot be guessed, and carry a policy that lets nothing in", async () => {
    const { page } = await started(await github());
    const { hostname, pathname, port } = new URL(page);
    expect(hostname).toBe("127.0.0.1");
    expect(pathname).toMatch(/^\/[\w-]{32}$/);
    for (const path of [
      "/",
      "/setup",
      "/probot",
      `${pathname.slice(0, -1)}x`,
      `${pathname}/x`,
      `${pathname}/created/x`,
    ])
      expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(404);
    const response = await fetch(page);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]+='; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(response.headers.get("referrer-policy")).toBe("strict-origin");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.text()).not.toMatch(/<script| on\w+=|src=|@import|url\(/i);
  });

  it("answer nobody who came by another name, and no form of another page", async () => {
    const { page } = await started(await github());
    const { port, pathname } = new URL(page);
    const status = await new Promise((resolve) => {
      const asked = request({ host: "127.0.0.1", port, path: pathname, headers: { host: `evil.example:${port}` } });
      asked.on("response", (response) => resolve(response.resume().statusCode)).end();
    });
    expect(status).toBe(404);
    const foreign = await fetch(page, { method: "POST", body: "url=x", headers: { origin: "https://evil.example" } });
    expect(foreign.status).toBe(403);
    expect((await fetch(page, { method: "POST", body: "x".repeat(10_000) })).status).toBe(413);
    expect((await fetch(page, { method: "DELETE" })).status).toBe(404);
  });

  it("take a code only with the state that went out, after the form, and once", async () => {
    const loopback = await github();
    const setup = await started(loopback);
    const early = await fetch(`${setup.page}/created?code=abc&state=`);
    expect(early.status).toBe(400);
    const { action, fields } = formOf((await sent(setup.page, {})).html);
    const back = new URL(confirmManifest(loopback, action, fields));
    for (const state of ["", "x".repeat(32), `${back.searchParams.get("state")}x`]) {
      const forged = new URL(back);
      forged.searchParams.set("state", state);
      expect((await fetch(forged)).status).toBe(400);
    }
    const odd = new URL(back);
    odd.searchParams.set("code", "../../user");
    expect((await fetch(odd)).status).toBe(400);
    expect(loopback.recorded.filter(({ path }) => path.startsWith("/app-manifests/"))).toEqual([]);
    const [first, second] = await Promise.all([fetch(back), fetch(back)]);
    expect([first.status, second.status].toSorted()).toEqual([200, 409]);
    expect(await setup.exit).toBe(0);
  });

  it.each([
    ["organization", { organization: "acme/x" }, "That is no name of an organisation"],
    ["url", { url: "http://countersign.example.com" }, "Give an address with https"],
    ["url", { url: "countersign" }, "Give the address at which GitHub reaches this App"],
    ["url", { url: "https://user:pass@h.example/webhook" }, "Give the address at which GitHub reaches this App"],
    ["url", { url: "https://h.example/a b" }, "The path of the address may hold letters"],
    ["repository", { repository: "acme" }, "A repository is named owner/name"],
  ])("a wrong %s is told at its field, and what was typed stays", async (field, typed, sentence) => {
    const { page } = await started(await github());
    const { status, html, headers } = await sent(page, typed);
    expect(status).toBe(422);
    expect(html).toContain(`<p class="wrong" role="alert" id="${field}-wrong">${sentence}`);
    expect(headers.get("content-security-policy")).toContain("form-action 'self'");
  });

  it("P39 what is typed is text, whatever it holds", async () => {
    const { page } = await started(await github());
    const { html } = await sent(page, { organization: `"><script>alert(1)</script>`, url: "\u202e'onfocus=x" });
    expect(html).not.toContain("<script>alert");
    expect(html).toContain("&#34;&#62;&#60;script&#62;alert(1)");
    expect(html).not.toContain(`'onfocus`);
  });

  it("options fill the form in, and wrong ones are refused before anything starts", async () => {
    const loopback = await github();
    const { page } = await started(loopback, ["--organization", "acme", "--url", "https://h.example"]);
    const html = await (await fetch(page)).text();
    expect(html).toContain('value="acme"');
    expect(html).toContain('value="https://h.example"');
    const { io } = recorded();
    const place = { folder: tmpdir(), io, signal: new AbortController().signal, waiting: { every: 1, most: 1 } };
    await expect(runSetup(["--url", "http://h.example"], place)).rejects.toThrow("--url: Give an address with https");
    await expect(runSetup(["--port", "x"], place)).rejects.toThrow('--port is "x"; expected a number up to 65535');
  });
});

describe("npm run setup as a program", () => {
  const setup = (folder: string, ...args: string[]) =>
    spawnSync(process.execPath, [fileURLToPath(new URL("../../src/setup.ts", import.meta.url)), ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env.PATH },
    });

  it("explains itself, and ends with 2 and one line where it cannot be used", () => {
    const folder = mkdtempSync(join(tmpdir(), "countersign-setup-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    expect(setup(folder, "--help")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^npm run setup: registers/),
    });
    expect(setup(folder, "--prot", "1")).toMatchObject({
      status: 2,
      stderr: 'setup: unknown option "--prot"; did you mean --port?; see npm run setup -- --help\n',
    });
    writeFileSync(join(folder, ".env"), "");
    expect(setup(folder)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^setup: \.env is here already.*\n$/),
    });
  });
});
