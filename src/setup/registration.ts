import type { ManifestFile } from "../manifest-file.ts";

/** What somebody chose on the page. */
export interface Choice {
  /** The organisation that the App is to belong to; null for the person's own account. */
  readonly organization: string | null;
  /** Where GitHub is to post to. */
  readonly webhookUrl: string;
  /** The repository to look at first, `owner/name`; null where none was named. */
  readonly repository: string | null;
}

/** The fields as they were typed, or given as options. */
export interface Typed {
  readonly organization: string;
  readonly url: string;
  readonly repository: string;
}

/** A field that cannot be used, in a sentence that says what to give. */
export interface Complaint {
  readonly field: keyof Typed;
  readonly sentence: string;
}

/** Reads what was typed or given as an option. */
export function readChoice(typed: Typed): Choice | Complaint {
  const organization = typed.organization.trim().replace(/^@/, "");
  if (organization !== "" && !/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/.test(organization))
    return {
      field: "organization",
      sentence: "That is no name of an organisation; leave it empty for your own account.",
    };
  const url = URL.parse(typed.url.trim());
  if (url?.protocol === "http:")
    return {
      field: "url",
      sentence: "Give an address with https: webhooks would be readable, and forgeable, on the way.",
    };
  const plain = url !== null && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (!plain || url.protocol !== "https:" || url.href.length > 300)
    return {
      field: "url",
      sentence: "Give the address at which GitHub reaches this App, such as https://countersign.example.com/webhook.",
    };
  if (url.pathname !== "/" && !/^\/[\w./-]{1,200}$/.test(url.pathname))
    return { field: "url", sentence: "The path of the address may hold letters, digits, dots, dashes and slashes." };
  const repository = typed.repository.trim();
  if (repository !== "" && !/^[A-Za-z0-9][\w-]{0,99}\/[\w.-]{1,100}$/.test(repository))
    return { field: "repository", sentence: "A repository is named owner/name; leave it empty for none." };
  const named = repository === "" ? null : repository;
  return {
    repository: named,
    organization: organization === "" ? null : organization,
    webhookUrl: `${url.origin}${pathOf(url)}`,
  };
}

function pathOf({ pathname }: URL): string {
  return pathname === "/" ? "/webhook" : pathname;
}

/** Where GitHub takes a manifest. */
export function registrationAddress(pages: string, { organization }: Choice, state: string): string {
  const account = organization === null ? "" : `/organizations/${organization}`;
  return `${pages}${account}/settings/apps/new?state=${encodeURIComponent(state)}`;
}

/** The manifest as GitHub takes it, made of `app.yml`. */
export function registration(file: ManifestFile, choice: Choice, redirectUrl: string) {
  return {
    // GitHub's names are everybody's: this one is a proposal, and its page lets it be changed.
    name: `${file.name} ${choice.organization ?? ""}`.trim().slice(0, 34),
    url: new URL(choice.webhookUrl).origin,
    description: file.description,
    hook_attributes: { url: choice.webhookUrl, active: true },
    redirect_url: redirectUrl,
    public: file.public,
    default_permissions: Object.fromEntries(Object.entries(file.permissions).map(([name, { level }]) => [name, level])),
    default_events: file.events,
  };
}
