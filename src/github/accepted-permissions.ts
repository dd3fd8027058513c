import { z } from "zod";
import type { Ungranted } from "../reports/report-context.ts";
import { HostingFault } from "../work/hosting-fault.ts";

/** Levels of a permission by its name, as GitHub writes them. */
export type Permissions = Readonly<Record<string, "read" | "write">>;

/** What an installation was asked for and its owner has not accepted (P37). */
export interface Lacking {
  /** Those that are asked for, at the level that is missing. */
  readonly permissions: Permissions;
  /** What is left to ask for. */
  readonly left: Permissions;
  /** The page where an owner accepts the rest. */
  readonly address: string;
}

/** An installation as GitHub shows it to the App. */
export const InstallationAnswer = z.object({
  permissions: z.record(z.string(), z.string()),
  html_url: z.string().regex(/^https?:\/\//),
});

const LEVELS = ["read", "write", "admin"];

/** What of the wanted permissions an installation lacks; null where it has them all. A lower level is taken where it has one. */
export function lackingOf(wanted: Permissions, installation: z.infer<typeof InstallationAnswer>): Lacking | null {
  const lacking: Record<string, "read" | "write"> = {};
  const left: Record<string, "read" | "write"> = {};
  for (const [name, level] of Object.entries(wanted)) {
    const held = LEVELS.indexOf(installation.permissions[name] ?? "");
    if (held < LEVELS.indexOf(level)) lacking[name] = level;
    if (held >= 0) left[name] = held < LEVELS.indexOf(level) ? "read" : level;
  }
  if (Object.keys(lacking).length === 0) return null;
  return { permissions: lacking, left, address: installation.html_url };
}

/** Whether a permission is lacking at a level. */
export function lacks(lacking: Lacking | null, name: string, level: "read" | "write"): boolean {
  if (lacking?.permissions[name] === undefined) return false;
  return lacking.left[name] === undefined || level === "write";
}

/** A refusal of a token because of what it asks for, not of which repository it is for. */
export function isAboutPermissions(fault: unknown): boolean {
  return fault instanceof HostingFault && fault.status === 422 && !/repositor/i.test(fault.message);
}

/** The fault of a job that cannot go on without what is lacking. */
export function notAccepted(permissions: Permissions, address?: string): HostingFault {
  const names = Object.entries(permissions).map(([name, level]) => `${name}: ${level}`);
  return new HostingFault("hosting/forbidden", `the App's installation lacks ${names.join(" and ")}`, {
    remedy: "An owner of the account accepts what the App asks for in its installation; it is looked at again then.",
    ...(address === undefined ? {} : { address }),
  });
}

/** Without these there is no answer, or no way to say it; at the level that reading or writing it takes. */
const NEEDED: Permissions = { contents: "read", pull_requests: "read", checks: "write" };

/** Ends a job that lacks what no answer can be given without. */
export function withNeeded(lacking: Lacking | null): void {
  if (lacking === null) return;
  const needed = Object.entries(NEEDED).filter(([name, level]) => lacks(lacking, name, level));
  if (needed.length > 0) throw notAccepted(Object.fromEntries(needed), lacking.address);
}

/** What else may be lacking: nothing that is left out for it lets anything merge. */
const EFFECTS: Readonly<Record<string, string>> = {
  actions: "no result of a workflow counts",
  issues: "commands in comments are not read",
  members: "nobody is known to be in a team",
  pull_requests: "no comment is written on the pull request, and nobody is asked to review it",
};

/** What is left out because it was not accepted, for people to read; null where nothing is. */
export function ungrantedOf(tokens: readonly (Lacking | null)[]): Ungranted | null {
  const all = tokens.filter((lacking) => lacking !== null);
  const [first] = all;
  if (first === undefined) return null;
  const effects = all
    .flatMap(({ permissions }) => Object.entries(permissions))
    .map(([name, level]) => `The App's installation lacks ${name}: ${level}, so ${EFFECTS[name] ?? "less is known"}.`);
  return { effects, address: first.address };
}
