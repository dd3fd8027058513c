import type { Diagnosis } from "../reports/diagnosis.ts";
import type { AppManifest } from "./app-manifest.ts";
import type { InspectedApp, InspectedPlace, Inspection, Installation } from "./inspection.ts";

const LEVELS = ["none", "read", "write", "admin"];

/** Whether the App is there, may do what it must, hears what it must, and answers. */
export function appDiagnoses({ place, app, branches }: Inspection, manifest: AppManifest): Diagnosis[] {
  const queue = branches.some(({ rules }) => rules.known && rules.value.some(({ mergeQueue }) => mergeQueue));
  return [...identity(app), ...archived(place), ...installation(app, place, manifest, queue), ...answers(app, place)];
}

const said = (id: string, rest: Omit<Diagnosis, "id" | "area">): Diagnosis => ({
  id: `app/${id}`,
  area: "app",
  ...rest,
});

function identity({ id, slug }: InspectedApp): Diagnosis[] {
  if (id !== null) return [];
  return [
    said("identity", {
      state: "unknown",
      what:
        slug === null
          ? "which App is yours was not said"
          : `which App is yours: none of the name ${slug} is shown to this token`,
      why: "a rule that takes the check from any other App is no gate, and looks the same",
      fix: "give --app-id NUMBER (the App's page shows it as `App ID`), or set APP_ID",
    }),
  ];
}

function archived({ archived: is, server, owner, name }: InspectedPlace): Diagnosis[] {
  if (!is) return [];
  return [
    said("archived", {
      state: "warning",
      what: "the repository is archived",
      why: "nothing can be merged or written there, and no check appears",
      fix: `unarchive it at ${server}/${owner}/${name}/settings, or leave it`,
    }),
  ];
}

function installation(app: InspectedApp, place: InspectedPlace, manifest: AppManifest, queue: boolean): Diagnosis[] {
  const why = "without its installation the App sees no pull request, and a required check never comes";
  const seen = app.installation;
  if (!seen.known)
    return [
      said("installed", {
        state: "unknown",
        what: `whether the App is installed, and with which permissions: ${seen.why}`,
        why,
        fix: `look at ${installationsOf(place)}, or run doctor where APP_ID and PRIVATE_KEY are set`,
      }),
    ];
  if (seen.value === null)
    return [
      said("installed", {
        state: "problem",
        what: `the App is not installed on ${place.owner}/${place.name}`,
        why,
        fix: `install it at ${app.slug === null ? installationsOf(place) : installAddress(place, app.slug)}`,
      }),
    ];
  return [
    ...reached(seen.value, place, why),
    ...permissions(seen.value, manifest),
    ...events(seen.value, manifest, queue),
  ];
}

function installAddress({ server }: InspectedPlace, slug: string): string {
  return `${server}/${server === "https://github.com" ? "apps" : "github-apps"}/${slug}/installations/new`;
}

function installationsOf({ server, owner, ownedByOrganization }: InspectedPlace): string {
  return ownedByOrganization
    ? `${server}/organizations/${owner}/settings/installations`
    : `${server}/settings/installations`;
}

function reached({ suspended, reaches, url }: Installation, { owner, name }: InspectedPlace, why: string): Diagnosis[] {
  if (suspended)
    return [
      said("installed", {
        state: "problem",
        what: "the installation is suspended",
        why: "a suspended App hears nothing and answers nothing: every pull request waits",
        fix: `unsuspend it at ${url}`,
      }),
    ];
  if (!reaches.known)
    return [
      said("installed", {
        state: "unknown",
        what: `whether the installation includes ${owner}/${name}: ${reaches.why}`,
        why,
        fix: `look at ${url} whether the repository is selected`,
      }),
    ];
  return [
    reaches.value
      ? said("installed", { state: "ok", what: `the App is installed on ${owner}/${name}`, why, fix: null })
      : said("installed", {
          state: "problem",
          what: `the App is installed, but ${owner}/${name} is not among its repositories`,
          why,
          fix: `select the repository at ${url}`,
        }),
  ];
}

function permissions({ permissions: held, url }: Installation, manifest: AppManifest): Diagnosis[] {
  const level = (name: string) => LEVELS.indexOf(held[name] ?? "none");
  const wanted = Object.entries(manifest.permissions);
  const missing = wanted.filter(([name, { level: needed }]) => level(name) < LEVELS.indexOf(needed));
  const tooMuch = Object.keys(held).filter(
    (name) => level(name) > LEVELS.indexOf(manifest.permissions[name]?.level ?? "none"),
  );
  const why = "what the App may not see blocks, and what it may do beyond its work is a risk";
  return [
    ...missing.map(([name, { level: needed, reason, enough = needed }]) =>
      said("permission", {
        state: level(name) < LEVELS.indexOf(enough) ? "problem" : "warning",
        what: `the permission \`${name}: ${needed}\` is missing (granted: ${held[name] ?? "none"})`,
        why: reason,
        fix: `ask for it on the App's own page, then accept it at ${url}`,
      }),
    ),
    ...tooMuch.map((name) =>
      said("permission", {
        state: "warning",
        what: `the App holds \`${name}: ${held[name]}\`, which it does not need`,
        why: "a key that gets lost can do what the App can do",
        fix: `ask for ${manifest.permissions[name] ? `\`${name}: ${manifest.permissions[name].level}\`` : "nothing of it"} on the App's own page`,
      }),
    ),
    ...(missing.length + tooMuch.length === 0
      ? [said("permission", { state: "ok", what: "it has the permissions of app.yml and no other", why, fix: null })]
      : []),
  ];
}

function events(found: Installation, manifest: AppManifest, queue: boolean): Diagnosis[] {
  const wanted = queue ? [...new Set([...manifest.events, "merge_group"])] : manifest.events;
  const missing = wanted.filter((event) => !found.events.includes(event));
  const why = "what GitHub does not tell the App it learns too late, or not at all";
  if (missing.length === 0)
    return [said("events", { state: "ok", what: "it is told of every event of app.yml", why, fix: null })];
  const optional = Object.values(manifest.permissions).flatMap((one) =>
    one.enough === "none" ? (one.events ?? []) : [],
  );
  return [
    said("events", {
      state: missing.every((event) => optional.includes(event)) ? "warning" : "problem",
      what: `the App is not told of ${missing.join(", ")}`,
      why: missing.includes("merge_group") ? "the merge queue waits for a check that nobody is asked to give" : why,
      fix: "subscribe to them on the App's own page under `Permissions & events`",
    }),
  ];
}

function answers({ answers: seen, id }: InspectedApp, { server, owner, name }: InspectedPlace): Diagnosis[] {
  if (id === null) return [];
  const why = "an App that is down leaves every pull request waiting for its check";
  if (!seen.known)
    return [
      said("answers", {
        state: "unknown",
        what: `whether it answers pull requests: ${seen.why}`,
        why,
        fix: `look for the check at ${server}/${owner}/${name}/pulls`,
      }),
    ];
  const { asked, answered } = seen.value;
  if (asked === 0)
    return [
      said("answers", {
        state: "warning",
        what: "no pull request into the default branch is open, on which to see whether it answers",
        why,
        fix: "open a pull request, and run doctor again",
      }),
    ];
  return [
    answered === 0
      ? said("answers", {
          state: "problem",
          what: `it wrote no check on the ${asked === 1 ? "one open pull request" : `newest ${asked} open pull requests`}`,
          why,
          fix: "look at the App's page, Advanced, Recent Deliveries, and at /readyz of its server",
        })
      : said("answers", {
          state: answered < asked ? "warning" : "ok",
          what: `it wrote its check on ${answered} of the newest ${asked} open pull request${asked === 1 ? "" : "s"}`,
          why,
          fix: answered < asked ? "press Re-run at the check, or push, where it is missing" : null,
        }),
  ];
}
