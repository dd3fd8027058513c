import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createEmulator } from "emulate";
import { JOB_PERMISSIONS, MEMBERS_PERMISSIONS } from "../../src/github/hosting.ts";
import type { Recorded } from "./server.ts";

/** GitHub as the package `emulate` plays it, with an organisation `acme`, its repository `agent` and the App on it. */
export interface EmulatedGitHub {
  /** Of a bridge that records, and refuses GraphQL, which emulate has not. */
  readonly url: string;
  readonly app: { readonly id: number; readonly privateKey: string };
  readonly installation: number;
  readonly recorded: Recorded[];
  /** Asks as a person; anything but success is an error. */
  asked<T>(login: string, method: string, path: string, body?: unknown): Promise<T>;
  close(): Promise<void>;
}

const APP = 12345;
const INSTALLATION = 100;
const tokenOf = (login: string) => `emulated-${login}`;

/** Who belongs to the organisation; `carla` only works on the repository. */
const MEMBERS = ["root", "dora", "olga"];
const PEOPLE = [...MEMBERS, "carla"];
const SEED = {
  tokens: Object.fromEntries(PEOPLE.map((login) => [tokenOf(login), { login, scopes: ["repo", "admin:org"] }])),
  github: {
    users: PEOPLE.map((login) => ({ login })),
    orgs: [
      {
        login: "acme",
        name: "Acme",
        members: MEMBERS.map((login) => ({ login, role: login === "root" ? "admin" : "member" })),
      },
    ],
    repos: [{ owner: "acme", name: "agent", auto_init: true }],
    apps: [
      {
        ...{ app_id: APP, slug: "countersign", name: "Countersign", events: ["pull_request"] },
        permissions: { metadata: "read", ...JOB_PERMISSIONS, ...MEMBERS_PERMISSIONS },
        installations: [{ installation_id: INSTALLATION, account: "acme", repository_selection: "all" }],
      },
    ],
  },
};

/** Starts it on free ports of this machine; nothing of it reaches beyond. */
export async function emulatedGitHub(): Promise<EmulatedGitHub> {
  const emulator = await createEmulator({ service: "github", port: 0, seed: SEED });
  const recorded: Recorded[] = [];
  const { url, close } = await bridge(emulator.url, recorded);
  const key = emulator.generatedSecrets.find(({ kind }) => kind === "github.app_private_key")?.value ?? "";
  return {
    ...{ url, app: { id: APP, privateKey: key }, installation: INSTALLATION, recorded },
    async asked(login, method, path, body) {
      const headers = { authorization: `Bearer ${tokenOf(login)}`, "content-type": "application/json" };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${emulator.url}${path}`, { method, headers, ...sent });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status} ${text.slice(0, 200)}`);
      return text === "" ? null : JSON.parse(text);
    },
    async close() {
      await close();
      await emulator.close();
    },
  };
}

const NO_GRAPHQL = JSON.stringify({ errors: [{ message: "emulate has no GraphQL" }] });

/** Hands on every request but GraphQL's, whose answer makes the program read by the REST API. */
async function bridge(target: string, recorded: Recorded[]): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { pathname, search, searchParams } = new URL(request.url ?? "/", target);
    if (pathname === "/graphql") return void response.end(NO_GRAPHQL);
    const { authorization = "", "content-type": type = "application/json" } = request.headers;
    const method = request.method ?? "GET";
    const headers: Record<string, string> = { authorization, "content-type": type };
    const tag = request.headers["if-none-match"];
    if (tag !== undefined) headers["if-none-match"] = tag;
    const sent = body.length > 0 ? { body: new Uint8Array(body) } : {};
    const answer = await fetch(`${target}${pathname}${search}`, { method, headers, ...sent });
    const text = await answer.text();
    recorded.push({
      ...{
        method,
        path: pathname,
        template: null,
        query: Object.fromEntries(searchParams),
        actor: "installation",
        app: null,
      },
      ...{ agent: request.headers["user-agent"] ?? "", needs: {}, status: answer.status, at: performance.now() },
      ...{ charged: answer.status !== 304, body: method === "GET" || body.length === 0 ? null : JSON.parse(`${body}`) },
      answer: text === "" ? null : JSON.parse(text),
    });
    for (const name of ["etag", "link"]) {
      const value = answer.headers.get(name);
      if (value !== null) response.setHeader(name, value);
    }
    response.writeHead(answer.status, { "content-type": "application/json" }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
