/**
 * A run of the App with Prism between it and the loopback GitHub: `npm run prism`. Prism is another program's reading of
 * GitHub's OpenAPI description; every request but GraphQL's passes through it, and what it finds is printed. It is not a
 * dependency, since it brings two hundred packages: npx fetches the version below. Exits 1 when it finds something.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agent } from "../test/enforcement/repository-files.ts";
import { type Scene, scene } from "../test/enforcement/scene.ts";

const PRISM = "@stoplight/prism-cli@5.16.0";
const PORT = 4010;
/** Prism cannot hand on an answer without a body, so nothing is asked with an ETag. */
const HANDED_ON = ["accept", "authorization", "content-type", "user-agent"];

interface Violation {
  readonly location?: readonly string[];
  readonly message: string;
}

const requests = new Map<string, number>();
const violations = new Map<string, number>();

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Hands queries to GitHub and all else to Prism, and notes what Prism says of it. */
async function bridge(github: () => string): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "GET", url: path = "/" } = request;
    const headers = HANDED_ON.map((name) => [name, request.headers[name]]).filter(([, value]) => value !== undefined);
    const body = chunks.length === 0 ? {} : { body: new Uint8Array(Buffer.concat(chunks)) };
    const to = path === "/graphql" ? github() : `http://127.0.0.1:${PORT}`;
    const answer = await fetch(`${to}${path}`, { method, headers: Object.fromEntries(headers), ...body });
    if (path !== "/graphql") {
      const place = `${method} ${path.replace(/\?.*/, "").replace(/[0-9a-f]{40}|\d+/g, "*")} ${answer.status}`;
      count(requests, place);
      for (const { location = [], message } of JSON.parse(answer.headers.get("sl-violations") ?? "[]") as Violation[])
        count(violations, `${place}: ${location.join(".")}: ${message}`);
    }
    const link = answer.headers.get("link");
    if (link !== null) response.setHeader("link", link);
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Starts Prism before a GitHub; the description needs the head that the trimmed one has not. */
async function prism(folder: string, github: string): Promise<ChildProcess> {
  const description = JSON.parse(readFileSync(new URL("../fixtures/github/openapi.json", import.meta.url), "utf8"));
  const document = join(folder, "openapi.json");
  writeFileSync(
    document,
    JSON.stringify({ openapi: "3.0.3", info: { title: "GitHub", version: "1" }, ...description }),
  );
  const options = ["proxy", document, github, "--port", `${PORT}`, "--host", "127.0.0.1"];
  const env = { ...process.env, SCARF_ANALYTICS: "false" };
  // A group of its own: npx starts Prism as a child of a child.
  const child = spawn("npx", ["--yes", PRISM, ...options], {
    env,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (text) => String(text).includes("Prism is listening") && resolve());
    child.on("exit", (code) => reject(new Error(`Prism ended with ${code}`)));
  });
  return child;
}

/** A governed pull request from its opening over approvals, a result and pushes, and one of a lower tier. */
async function played(s: Scene): Promise<void> {
  const change = { "services/medium/agent.py": agent("gpt-4o-mini-2024-07-18"), "logo.bin": Buffer.from([0, 159, 1]) };
  const pull = await s.open("change", change);
  await s.approve(pull, "olga", "rita", "anna");
  s.evals(pull);
  const verdict = await s.verdict(pull);
  if (!verdict.startsWith("success")) throw new Error(`it ended in ${verdict}`);
  s.act.push(s.repository, "change", { "lib/other.py": "x = 1\n" }, { by: "dora" });
  await s.idle();
  await s.comment(pull, "olga", "/countersign re-evaluate");
  s.act.push(s.repository, "change", { "services/medium/agent.py": agent("gpt-4.1-2025-04-14") }, { by: "dora" });
  await s.idle();
  await s.approve(await s.open("low", { "services/low/agent.py": agent("gpt-4o-mini-2024-07-18") }), "anna");
  await s.idle();
}

let github = "";
const folder = mkdtempSync(join(tmpdir(), "countersign-prism-"));
const s = await scene({ settings: { apiUrl: await bridge(() => github) } });
github = s.github.url;
const child = await prism(folder, github);
try {
  await played(s);
} finally {
  await s.close();
  child.removeAllListeners("exit");
  if (child.pid !== undefined) process.kill(-child.pid);
  rmSync(folder, { recursive: true, force: true });
}
const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((total, one) => total + one, 0);
console.log(`${sum(requests)} requests through ${PRISM}, ${sum(violations)} violations`);
for (const [place, times] of [...requests].sort()) console.log(`  ${times} ${place}`);
for (const [what, times] of violations) console.log(`  VIOLATION (${times}) ${what}`);
process.exitCode = violations.size === 0 ? 0 : 1;
