import { z } from "zod";
import type { InspectedApp, InspectedPlace, Installation } from "../doctor/inspection.ts";
import { type Seen, seen, unseen } from "../doctor/seen.ts";
import type { Api } from "./api.ts";
import { inTurns } from "./in-turns.ts";
import { lookedAt } from "./looked-at.ts";

const InstallationAnswer = z.object({
  app_id: z.int(),
  app_slug: z.string(),
  permissions: z.record(z.string(), z.string()),
  events: z.array(z.string()),
  suspended_at: z.string().nullish(),
  repository_selection: z.enum(["all", "selected"]),
  html_url: z.string(),
});
type InstallationAnswer = z.infer<typeof InstallationAnswer>;
const Installations = z
  .object({ installations: z.array(InstallationAnswer) })
  .transform(({ installations }) => installations);
const PublicApp = z.object({ id: z.int(), slug: z.string().optional() });
const Pulls = z.array(z.object({ head: z.object({ sha: z.string() }) }));
const Count = z.object({ total_count: z.int() });

/** How many open pull requests are looked at for an answer of the App. */
const NEWEST = 5;

/** Which App was named: its number wins, since a name can be given to another App. */
export interface NamedApp {
  readonly id: number | null;
  readonly slug: string | null;
}

/** The App of a repository: by `own`, the App's own word, where its key is at hand; else by what `api` is shown. */
export async function inspectApp(
  api: Api,
  own: Api | null,
  named: NamedApp,
  place: InspectedPlace,
): Promise<InspectedApp> {
  const { id, slug } = await identified(api, named, place);
  const answers =
    id === null ? unseen("which App is yours was not said") : await lookedAt(() => answered(api, id, place));
  const found = await installationOf(api, own, id, place);
  const installation = found.known && found.value !== null ? seen(shown(found.value, own !== null, answers)) : found;
  return {
    id,
    slug: slug ?? (found.known ? (found.value?.app_slug ?? null) : null),
    installation: installation as InspectedApp["installation"],
    answers,
  };
}

async function identified(api: Api, { id, slug }: NamedApp, place: InspectedPlace): Promise<NamedApp> {
  if (id !== null || slug === null) return { id, slug };
  const found = await lookedAt(() => api.find("/apps/{app_slug}", { app_slug: slug }, PublicApp));
  if (found.known && found.value !== null) return { id: found.value.id, slug };
  // A private App shows itself to few, but where it is installed its account's owners see it.
  const installed = place.ownedByOrganization ? await installationsIn(api, place.owner) : null;
  const own = installed?.known ? installed.value.find((one) => one.app_slug === slug) : undefined;
  return { id: own?.app_id ?? null, slug };
}

function installationsIn(api: Api, org: string): Promise<Seen<readonly InstallationAnswer[]>> {
  return lookedAt(() => api.all("/orgs/{org}/installations", { org }, Installations));
}

async function installationOf(
  api: Api,
  own: Api | null,
  id: number | null,
  { ownedByOrganization, owner }: InspectedPlace,
): Promise<Seen<InstallationAnswer | null>> {
  if (own) return lookedAt(() => own.find("/repos/{owner}/{repo}/installation", {}, InstallationAnswer));
  if (id === null) return unseen("which App is yours was not said");
  if (!ownedByOrganization) return unseen("GitHub shows the installations of a person's account to the App alone");
  const all = await installationsIn(api, owner);
  if (!all.known) return unseen(`GitHub shows them to owners of the organisation (${all.why})`);
  return seen(all.value.find((one) => one.app_id === id) ?? null);
}

function shown(found: InstallationAnswer, own: boolean, answers: InspectedApp["answers"]): Installation {
  const reaches =
    own || found.repository_selection === "all" || (answers.known && answers.value.answered > 0)
      ? seen(true)
      : unseen("it is for selected repositories, and GitHub shows which to the App alone");
  const { permissions, events, suspended_at: suspendedAt, html_url: url } = found;
  return { permissions, events, suspended: suspendedAt != null, reaches, url };
}

/** Whether the newest open pull requests into the default branch carry the App's check. */
async function answered(api: Api, id: number, { defaultBranch }: InspectedPlace) {
  const pulls = await api.get(
    "/repos/{owner}/{repo}/pulls",
    { state: "open", base: defaultBranch, sort: "created", direction: "desc", per_page: NEWEST },
    Pulls,
  );
  const counts = await inTurns(pulls, async ({ head }) => {
    const query = { ref: head.sha, check_name: "countersign", app_id: id, per_page: 1 };
    return (await api.get("/repos/{owner}/{repo}/commits/{ref}/check-runs", query, Count)).total_count;
  });
  return { asked: counts.length, answered: counts.filter((count) => count > 0).length };
}
