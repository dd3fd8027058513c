import { diagnose } from "../doctor/diagnose.ts";
import { inspect, tokenOwner } from "../github/inspection.ts";
import { type Inspector, inspectorApis } from "../github/inspector.ts";
import type { NamedApp } from "../github/installation-inspection.ts";
import { readManifest } from "../manifest-file.ts";
import { type DoctorJson, doctorJson } from "../reports/diagnosis.ts";
import { doctorReport } from "../reports/doctor.ts";
import type { CommandIo } from "./command-io.ts";
import { githubAccess } from "./github-access.ts";
import { readOptions } from "./read-options.ts";
import { refusalOf } from "./token-refusal.ts";
import { Usage } from "./usage.ts";
import { writeRulesets } from "./write-rulesets.ts";

const HELP = `countersign doctor: whether the gate of a repository holds, and how to close what is open

Usage
  countersign doctor --repository OWNER/NAME [options]

Looks at what GitHub says, changes nothing, and tells what is wrong, why it matters and how to put it right.
It asks with the token of an administrator of the repository, from the environment and never from an
argument: GITHUB_TOKEN or GH_TOKEN. An owner of the organisation sees most. What cannot be seen is told as
unknown, never as safe. Where APP_ID and PRIVATE_KEY are set, the App tells of its installation itself; and
without a token it looks alone, as far as its permissions show.

Options
  --repository NAME    owner/name
  --app-id NUMBER      the App whose check counts (default: APP_ID)
  --app SLUG           the same by the name in the App's address
  --write-ruleset FILE writes a ruleset to import, one file for each entry of the policy's branches
  --strict             with --write-ruleset: pull requests must be up to date before they merge
  --format FORMAT      text (default) or json
  -h, --help           this text

Environment
  GITHUB_TOKEN, GH_TOKEN    the administrator's token: classic with repo and read:org, or fine-grained with
                            administration, actions, checks, contents, members and pull requests, to read
  GITHUB_API_URL            an Enterprise Server: https://HOST/api/v3
  APP_ID, PRIVATE_KEY, PRIVATE_KEY_PATH    as the App has them

Exit code
  0  nothing is wrong (warnings are printed)   1  a problem, or something that cannot be seen
  2  wrong usage, or no way to look            3  fault

Examples
  countersign doctor --repository acme/support --app-id 123456
  GH_TOKEN=$(gh auth token) countersign doctor --repository acme/support --app countersign-acme
  countersign doctor --repository acme/support --app-id 123456 --write-ruleset ruleset.json
`;

const OPTIONS = {
  repository: { type: "string" },
  "app-id": { type: "string" },
  app: { type: "string" },
  "write-ruleset": { type: "string" },
  strict: { type: "boolean", default: false },
  format: { type: "string", default: "text" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** `countersign doctor`: whether the gate of a repository holds. Returns the exit code. */
export async function doctor(args: readonly string[], io: CommandIo): Promise<number> {
  const values = readOptions("doctor", args, OPTIONS);
  if (values.help) {
    io.stdout(HELP);
    return 0;
  }
  const { format, strict } = values;
  if (format !== "text" && format !== "json")
    throw new Usage(`--format is ${JSON.stringify(format)}; expected text or json`);
  if (strict && values["write-ruleset"] === undefined) throw new Usage("--strict goes with --write-ruleset FILE");
  const inspector = inspectorOf(repositoryOf(values.repository), io);
  const named = appOf(values["app-id"], values.app, inspector);
  try {
    const { seen, inspection } = await examined(inspector, named, io);
    io.stdout(format === "json" ? `${JSON.stringify(seen, null, 2)}\n` : doctorReport(seen, paperOf(io)));
    const file = values["write-ruleset"];
    if (file !== undefined) await writeRulesets(file, inspection, strict, io);
    return seen.counts.problem + seen.counts.unknown > 0 ? 1 : 0;
  } catch (fault) {
    throw refusalOf(fault, `${inspector.owner}/${inspector.name}`, inspector.token);
  }
}

async function examined(inspector: Inspector, named: NamedApp, io: CommandIo) {
  const apis = await inspectorApis(inspector);
  const { owner, name } = inspector;
  if (apis === null)
    throw new Usage(
      `the App is not installed on ${owner}/${name}, so it sees nothing there; install it, or give an administrator's token as GITHUB_TOKEN`,
    );
  if (io.progress) io.stderr(`looking at ${owner}/${name} ...`);
  const inspection = await inspect(apis, named).finally(() => io.progress && io.stderr("\r\u001b[K"));
  const login = inspector.token === null ? null : await tokenOwner(apis.api);
  const { id, slug } = inspection.app;
  const seen: DoctorJson = doctorJson(
    {
      repository: `${inspection.place.owner}/${inspection.place.name}`,
      at: io.now(),
      seenBy: login === null ? null : login.known ? login.value : "(unknown)",
      app: id === null ? null : { id, slug },
    },
    diagnose(inspection, readManifest()),
  );
  return { seen, inspection };
}

function repositoryOf(given: string | undefined): { readonly owner: string; readonly name: string } {
  const [, owner, name] = /^([A-Za-z0-9][\w-]{0,99})\/([\w.-]{1,100})$/.exec(given ?? "") ?? [];
  if (owner !== undefined && name !== undefined) return { owner, name };
  throw new Usage(
    given === undefined
      ? "doctor needs --repository OWNER/NAME"
      : `--repository is ${JSON.stringify(given)}; expected OWNER/NAME`,
  );
}

function inspectorOf(repository: { readonly owner: string; readonly name: string }, io: CommandIo): Inspector {
  const { apiUrl: baseUrl, appId, privateKey, token } = githubAccess(io);
  const app = appId === null || privateKey === null ? null : { appId, privateKey };
  if (token === null && app === null)
    throw new Usage(
      "doctor needs an administrator's token in the environment: GITHUB_TOKEN, or GH_TOKEN (for example GH_TOKEN=$(gh auth token))",
    );
  return { ...repository, baseUrl, token, app, appId, signal: new AbortController().signal };
}

/** The App by what the caller says, else by the environment. */
function appOf(id: string | undefined, slug: string | undefined, { appId }: Inspector): NamedApp {
  if (id !== undefined && !/^[1-9]\d{0,14}$/.test(id))
    throw new Usage(`--app-id is ${JSON.stringify(id)}; expected the number that the App's page shows as App ID`);
  if (slug !== undefined && !/^[\w-]{1,100}$/.test(slug))
    throw new Usage(`--app is ${JSON.stringify(slug)}; expected the name in the App's address: /apps/NAME`);
  if (appId !== null && ((id !== undefined && Number(id) !== appId) || slug !== undefined))
    throw new Usage(`APP_ID is set to ${appId}; leave out ${id === undefined ? "--app" : "--app-id"}, or unset APP_ID`);
  if (id !== undefined) return { id: Number(id), slug: slug ?? null };
  return slug === undefined ? { id: appId, slug: null } : { id: null, slug };
}

function paperOf({ color, width = null }: CommandIo) {
  return { color, width };
}
