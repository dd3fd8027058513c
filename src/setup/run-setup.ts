import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CommandIo } from "../commands/command-io.ts";
import { doctor } from "../commands/doctor.ts";
import { githubAccess } from "../commands/github-access.ts";
import { readOptions } from "../commands/read-options.ts";
import { Usage } from "../commands/usage.ts";
import { type RegisteredApp, takeRegisteredApp } from "../github/app-registration.ts";
import { isInstalledOn } from "../github/inspector.ts";
import { pagesOf } from "../github/pages.ts";
import { readManifest } from "../manifest-file.ts";
import { HostingFault } from "../work/hosting-fault.ts";
import { type Choice, readChoice } from "./registration.ts";
import { writeSettings } from "./settings-file.ts";
import { type SetupServer, type SetupServerOptions, setupServer } from "./setup-server.ts";

const HELP = `npm run setup: registers Countersign as a GitHub App of yours, and writes its settings

Usage
  npm run setup -- [options]

Opens a page on this machine alone (127.0.0.1), which leads to GitHub and back. Then .env and the App's
private key lie in this folder, readable by you only, and npm start is all that is left.

Options
  --organization NAME   the organisation that owns the repositories (default: asked on the page)
  --url URL             where GitHub reaches the App: https://HOST/webhook (default: asked on the page)
  --repository NAME     owner/name: shows whether its gate holds, once the App is installed on it
  --port NUMBER         the port of the page (default: any free one)
  -h, --help            this text

Environment
  GITHUB_API_URL        an Enterprise Server: https://HOST/api/v3
  GITHUB_TOKEN          an administrator's token, for more to see at the end

Exit code
  0  registered   2  wrong usage, or .env is there already   3  fault
`;

const OPTIONS = {
  organization: { type: "string", default: "" },
  url: { type: "string", default: "" },
  repository: { type: "string", default: "" },
  port: { type: "string", default: "0" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Where a set-up takes place. */
export interface SetupPlace {
  readonly folder: string;
  readonly io: CommandIo;
  readonly signal: AbortSignal;
  /** How often GitHub is asked whether the App is installed, in milliseconds, and for how long. */
  readonly waiting: { readonly every: number; readonly most: number };
}

/** Registers an App by GitHub's manifest flow. Returns the exit code. */
export async function runSetup(args: readonly string[], place: SetupPlace): Promise<number> {
  const { io, folder } = place;
  const { help, port, ...typed } = readOptions("setup", args, OPTIONS, "see npm run setup -- --help");
  if (help) {
    io.stdout(HELP);
    return 0;
  }
  // Before anything is registered: its secrets could not be written.
  if (existsSync(join(folder, ".env")))
    throw new Usage(".env is here already and is never overwritten; move it away, or set the App up in another folder");
  const complaint = typed.url === "" ? null : readChoice(typed);
  if (complaint !== null && "sentence" in complaint) throw new Usage(`--${complaint.field}: ${complaint.sentence}`);
  const { apiUrl } = githubAccess({ ...io, environment: { GITHUB_API_URL: io.environment?.GITHUB_API_URL } });
  const registered = Promise.withResolvers<readonly [RegisteredApp, Choice]>();
  const server = await listening({
    port: portOf(port),
    pages: pagesOf(apiUrl),
    manifest: readManifest(),
    typed,
    async created(code, choice) {
      const app = await taken(code, apiUrl, place);
      await write(app, choice, apiUrl, place);
      registered.resolve([app, choice]);
      return { slug: app.slug, installUrl: installUrl(app) };
    },
  });
  io.stdout(`Open this page in a browser on this machine, where you are signed in to GitHub:\n\n  ${server.url}\n\n`);
  const ended = () => registered.reject(new Error("the set-up was ended before an App was registered"));
  place.signal.addEventListener("abort", ended, { once: true });
  const [app, choice] = await registered.promise.finally(() => server.close());
  await look(app, choice, apiUrl, place);
  return 0;
}

async function listening(options: SetupServerOptions): Promise<SetupServer> {
  try {
    return await setupServer(options);
  } catch (fault) {
    const { code = "unknown" } = fault as NodeJS.ErrnoException;
    throw new Usage(`port ${options.port} of 127.0.0.1 cannot be listened on (${code}); give another --port, or none`);
  }
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Usage(`--port is ${JSON.stringify(text)}; expected a number up to 65535`);
}

function installUrl({ url }: RegisteredApp): string {
  return `${url}/installations/new`;
}

async function taken(code: string, apiUrl: string, { signal, io }: SetupPlace): Promise<RegisteredApp> {
  try {
    return await takeRegisteredApp(code, apiUrl, signal);
  } catch (fault) {
    if (!(fault instanceof HostingFault)) throw fault;
    const answer = fault.status === null ? "did not answer" : `answered ${fault.status}`;
    const remedy =
      "Reload the page to try again; after an hour, generate a private key on the App's page and write .env by hand (docs/deploy.md)";
    io.stderr(`setup: GitHub registered the App, but ${answer} when asked for its key.\n`);
    throw new Error(`GitHub registered the App, but ${answer} when asked for its key. ${remedy}.`);
  }
}

async function write(app: RegisteredApp, choice: Choice, apiUrl: string, { folder, io }: SetupPlace): Promise<void> {
  const files = await writeSettings(folder, {
    ...app,
    webhookPath: new URL(choice.webhookUrl).pathname,
    apiUrl: apiUrl === "https://api.github.com" ? null : apiUrl,
  });
  io.stdout(`Registered ${app.slug} (App ${app.id}) for ${app.owner}.

  ${files.settings}
  ${files.key}
      hold its settings and its key, readable by you only. Back up the key, or generate another one if it is lost.

Next
  1. Install it on a repository:  ${installUrl(app)}
  2. Start it:                    npm start
     and let ${choice.webhookUrl} lead to it (docs/deploy.md)
  3. Look at the gate, with an administrator's token in GITHUB_TOKEN:
     npm run --silent countersign -- doctor --repository ${choice.repository ?? "OWNER/NAME"} --app-id ${app.id}
`);
}

/** Waits for the installation on the repository that was named, and shows whether its gate holds. */
async function look(app: RegisteredApp, { repository }: Choice, apiUrl: string, place: SetupPlace): Promise<void> {
  if (repository === null) return;
  const { io, signal, waiting } = place;
  const [owner = "", name = ""] = repository.split("/");
  const key = { appId: app.id, privateKey: app.privateKey };
  const inspector = { baseUrl: apiUrl, token: null, app: key, appId: app.id, owner, name, signal };
  io.stdout(`\nWaiting until it is installed on ${repository} (Ctrl-C ends) ...\n`);
  const until = performance.now() + waiting.most;
  while (!(await isInstalledOn(inspector))) {
    if (performance.now() > until) {
      io.stdout("It was not installed yet; run doctor when it is.\n");
      return;
    }
    await sleep(waiting.every, undefined, { signal });
  }
  io.stdout("\n");
  const environment = {
    ...place.io.environment,
    APP_ID: String(app.id),
    PRIVATE_KEY: app.privateKey,
    PRIVATE_KEY_PATH: undefined,
  };
  await doctor(["--repository", repository], { ...io, environment });
}
