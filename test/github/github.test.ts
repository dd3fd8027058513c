import { createHmac, createSign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Acts, acts } from "./act.ts";
import { mismatches } from "./conformance.ts";
import { type LoopbackGitHub, loopbackGitHub } from "./server.ts";
import type { App, Installation, Repository } from "./world.ts";

let github: LoopbackGitHub;
let act: Acts;
let repository: Repository;
let app: App;
let installation: Installation;

beforeAll(async () => {
  github = await loopbackGitHub();
  act = acts(github);
  github.world.organisation("acme", { olga: "member", anna: "member", root: "admin" });
  repository = github.world.repository("acme/agent", { "bot.py": "MODEL = 'a'\n", "docs/x.md": "x" });
  repository.collaborators.set("anna", "write");
  repository.collaborators.set("olga", "write");
  app = github.world.app("countersign", {
    permissions: { metadata: "read", contents: "read", checks: "write", pull_requests: "write" },
    owner: "acme",
  });
  installation = github.world.install(app, "acme");
});
afterAll(() => github.close());

async function call(method: string, path: string, token: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${github.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text ? JSON.parse(text) : null, headers: response.headers };
}

function jwt(seconds = 300): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const head = `${encode({ alg: "RS256", typ: "JWT" })}.${encode({ iat: now - 10, exp: now + seconds, iss: app.id })}`;
  return `${head}.${createSign("RSA-SHA256").update(head).sign(app.privateKey, "base64url")}`;
}

async function installationToken(wanted: unknown = {}): Promise<string> {
  return (await call("POST", `/app/installations/${installation.id}/access_tokens`, jwt(), wanted)).json.token;
}

describe("the loopback GitHub", () => {
  it("gives an App's installation a token limited to what was granted and asked", async () => {
    expect((await call("GET", "/app", jwt(2000))).status).toBe(401);
    const token = await installationToken({ repositories: ["agent"], permissions: { contents: "read" } });
    expect(
      (await call("GET", "/repos/acme/agent/git/trees/main?recursive=1", token)).json.tree.map(
        (row: { path: string }) => row.path,
      ),
    ).toContain("docs/x.md");
    expect((await call("POST", "/repos/acme/agent/check-runs", token, { name: "x", head_sha: "y" })).status).toBe(403);
    expect(
      (
        await call("POST", `/app/installations/${installation.id}/access_tokens`, jwt(), {
          permissions: { administration: "write" },
        })
      ).status,
    ).toBe(422);
    expect((await call("GET", "/repos/acme/agent", "nonsense")).status).toBe(401);
  });

  it("truncates a large tree and says so", async () => {
    const token = await installationToken();
    github.world.treeRows = 2;
    const { json } = await call("GET", "/repos/acme/agent/git/trees/main?recursive=1", token);
    github.world.treeRows = 100_000;
    expect([json.truncated, json.tree.length]).toEqual([true, 2]);
  });

  it("sends signed webhooks to subscribed, installed Apps, and sends one again under the same GUID", async () => {
    const received: { guid: string; event: string; signature: string; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        const header = (name: string) => String(request.headers[name]);
        received.push({
          guid: header("x-github-delivery"),
          event: header("x-github-event"),
          signature: header("x-hub-signature-256"),
          body,
        });
        response.writeHead(202).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    app.webhook = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, secret: "s3" };
    app.events = ["push"];
    act.push(repository, "hooked", { "a.txt": "1" }, { by: "anna" });
    await github.deliveries.settled();
    const sent = github.deliveries.sent.at(-1);
    if (sent) github.deliveries.redeliver(sent);
    await github.deliveries.settled();
    server.close();
    app.events = [];
    const expected = (body: string) => `sha256=${createHmac("sha256", "s3").update(body).digest("hex")}`;
    expect(received.map(({ event }) => event)).toEqual(["push", "push"]);
    expect(new Set(received.map(({ guid }) => guid)).size).toBe(1);
    for (const { body, signature } of received) expect(signature).toBe(expected(body));
  });

  it("answers 304 to a known ETag", async () => {
    const token = await installationToken();
    const first = await call("GET", "/repos/acme/agent", token);
    const again = await call("GET", "/repos/acme/agent", token, undefined, {
      "if-none-match": first.headers.get("etag") ?? "",
    });
    expect(again.status).toBe(304);
  });

  it("moves a pull request's head with a push, refuses to merge past a required check, and lands a real merge", async () => {
    const token = await installationToken();
    act.push(repository, "feature", { "bot.py": "MODEL = 'b'\n" }, { by: "anna" });
    const opened = await call("POST", "/repos/acme/agent/pulls", "ghp_anna", {
      title: "b",
      head: "feature",
      base: "main",
    });
    const head = act.push(repository, "feature", { "more.py": "x = 1\n" }, { by: "anna" });
    const number = opened.json.number;
    expect((await call("GET", `/repos/acme/agent/pulls/${number}`, token)).json.head.sha).toBe(head);
    repository.rules.set("main", {
      requiredChecks: [{ context: "countersign", integrationId: app.id }],
      strict: false,
      requiredApprovals: 0,
      dismissStale: false,
      bypass: [],
    });
    const merge = () => call("PUT", `/repos/acme/agent/pulls/${number}/merge`, "ghp_anna", {});
    expect((await merge()).status).toBe(405);
    act.check(repository, "other-app", "countersign", head, "success");
    expect((await merge()).status).toBe(405);
    await call("POST", "/repos/acme/agent/check-runs", token, {
      name: "countersign",
      head_sha: head,
      status: "completed",
      conclusion: "action_required",
    });
    expect((await merge()).status).toBe(405);
    await call("POST", "/repos/acme/agent/check-runs", token, {
      name: "countersign",
      head_sha: head,
      status: "completed",
      conclusion: "success",
    });
    expect(
      (await call("PUT", `/repos/acme/agent/pulls/${number}/merge`, "ghp_anna", { sha: "0".repeat(40) })).status,
    ).toBe(409);
    const merged = await merge();
    expect(merged.status).toBe(200);
    expect(repository.store.read(merged.json.sha).parents).toContain(head);
  });

  it("lets nobody approve the own pull request", async () => {
    act.push(repository, "second", { "bot.py": "MODEL = 'c'\n" }, { by: "anna" });
    const { json } = await call("POST", "/repos/acme/agent/pulls", "ghp_anna", {
      title: "c",
      head: "second",
      base: "main",
    });
    const review = (token: string) =>
      call("POST", `/repos/acme/agent/pulls/${json.number}/reviews`, token, { event: "APPROVE" });
    expect((await review("ghp_anna")).status).toBe(422);
    expect((await review("ghp_olga")).json.state).toBe("APPROVED");
  });

  it("executes GraphQL against GitHub's schema", async () => {
    const token = await installationToken();
    const query = `query($n: Int!) { repository(owner: "acme", name: "agent") {
      a: object(expression: "main:bot.py") { ... on Blob { oid text byteSize isBinary isTruncated } }
      pullRequest(number: $n) { headRefOid reviews(first: 10) { nodes { fullDatabaseId state author { login __typename } commit { oid } } pageInfo { hasNextPage endCursor } } } } }`;
    const { json } = await call("POST", "/graphql", token, { query, variables: { n: 2 } });
    expect(json.errors).toBeUndefined();
    expect(json.data.repository.a.text).toBe("MODEL = 'b'\n");
    expect(json.data.repository.pullRequest.reviews.nodes[0]).toMatchObject({
      state: "APPROVED",
      author: { login: "olga", __typename: "User" },
    });
    const wrong = await call("POST", "/graphql", token, { query: "{ repository(owner: 1) { nonsense } }" });
    expect(wrong.json.errors.length).toBeGreaterThan(0);
  });
});

describe("what it answers", () => {
  it("is what GitHub describes", () => {
    const answered = github.recorded.filter(
      ({ status, body }) => status < 400 && !JSON.stringify(body).includes("nonsense"),
    );
    expect(answered.length).toBeGreaterThan(10);
    const wrong = answered.flatMap(mismatches);
    expect([...new Set(wrong)]).toEqual([]);
  });
});
