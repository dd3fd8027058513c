import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { organizationMember } from "../github/organization-owner.ts";
import { embeddedDatabase } from "../queues/embedded-database.ts";
import { plain } from "../reports/plain.ts";
import type { CommandIo } from "./command-io.ts";
import { githubAccess } from "./github-access.ts";
import { readOptions } from "./read-options.ts";
import { refusalOf } from "./token-refusal.ts";
import { Usage } from "./usage.ts";

const HELP = `countersign baseline: the organisation's policy as an App remembers it

Usage
  countersign baseline forget --organization LOGIN --database FILE

Once an App has seen an organisation's policy, it stays in force when its file goes away or cannot be read
any more. An owner of the organisation who means it to be gone says so with this command, on the machine of
the App; it may be running. Pull requests are decided without it from their next event on.

Options
  --organization LOGIN   the organisation
  --database FILE        the App's database (DATABASE_PATH)
  -h, --help             this text

Environment
  GITHUB_TOKEN, GH_TOKEN   a token of an owner of the organisation, with read:org
  GITHUB_API_URL           an Enterprise Server: https://HOST/api/v3

Exit code
  0  forgotten   1  there was none to forget   2  wrong usage, or not an owner   3  fault
`;

const OPTIONS = {
  organization: { type: "string" },
  database: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** `countersign baseline forget`: an owner says that the organisation has no policy any more (security rule S03). */
export async function baseline(args: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--help" || name === "-h" || rest.includes("--help") || rest.includes("-h")) {
    io.stdout(HELP);
    return 0;
  }
  if (name !== "forget") throw new Usage("expected baseline forget; see countersign baseline --help");
  const { organization, database } = readOptions("baseline", rest, OPTIONS);
  if (organization === undefined || database === undefined)
    throw new Usage("baseline forget needs --organization LOGIN and --database FILE; see countersign baseline --help");
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/.test(organization))
    throw new Usage(`--organization is ${JSON.stringify(organization)}; expected the name of an organisation`);
  // Opening would make a new one, in which there is nothing to forget.
  if (!existsSync(database)) throw new Usage(`${database} is not there; give the App's DATABASE_PATH`);
  const owner = await ownerOf(organization, io);
  return forget(owner, database, io);
}

async function ownerOf(organization: string, io: CommandIo) {
  const { token, apiUrl: baseUrl } = githubAccess(io);
  if (token === null)
    throw new Usage(
      `baseline forget needs a token of an owner of ${organization} in the environment: GITHUB_TOKEN, or GH_TOKEN`,
    );
  const access = { baseUrl, token, signal: new AbortController().signal };
  const member = await organizationMember(access, organization).catch((fault: unknown) => {
    throw refusalOf(fault, organization, token);
  });
  if (member?.owner) return member;
  throw new Usage(
    `the token's account is no owner of ${organization}; only an owner of the organisation may have its policy forgotten`,
  );
}

async function forget(
  { login, organization }: Awaited<ReturnType<typeof ownerOf>>,
  file: string,
  io: CommandIo,
): Promise<number> {
  const { store, close } = embeddedDatabase(file);
  try {
    const known = await store.baselineOf(organization.id);
    if (known === null || !(await store.forgetBaseline(organization.id))) {
      io.stdout(`No policy of ${plain(organization.login)} is remembered in ${plain(file)}.\n`);
      return 1;
    }
    const digest = createHash("sha256").update(known.bytes).digest("hex");
    io.stdout(`Forgot the policy of ${plain(organization.login)} (organisation ${organization.id}) in ${plain(file)}.
  It was last read ${known.at}: ${known.bytes.length} bytes, sha256 ${digest}.
  By @${plain(login)}, an owner of the organisation, at ${io.now()}.
  If its repository .github still holds one, it is in force again as soon as the App reads it.
`);
    return 0;
  } finally {
    close();
  }
}
