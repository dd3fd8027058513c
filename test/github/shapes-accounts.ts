import type { Account, App, Installation, Repository, Team } from "./world.ts";
import { roleOf } from "./world.ts";

/** Addresses below another. */
export function urls(base: string, names: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([name, tail]) => [name, `${base}${tail}`]));
}

/** People, organisations, teams, Apps and installations in the shapes of GitHub's REST API. */
export function accountShapes(at: string) {
  // A bot's name holds brackets, which no address does.
  const name = ({ login }: Account) => encodeURIComponent(login);
  const user = (account: Account) => ({
    login: account.login,
    id: account.id,
    node_id: `U_${account.id}`,
    avatar_url: `${at}/avatars/${account.id}`,
    gravatar_id: "",
    url: `${at}/users/${name(account)}`,
    html_url: `${at}/${name(account)}`,
    ...urls(`${at}/users/${name(account)}`, {
      followers_url: "/followers",
      following_url: "/following{/other_user}",
      gists_url: "/gists{/gist_id}",
      starred_url: "/starred{/owner}{/repo}",
      subscriptions_url: "/subscriptions",
      organizations_url: "/orgs",
      repos_url: "/repos",
      events_url: "/events{/privacy}",
      received_events_url: "/received_events",
    }),
    type: account.type,
    site_admin: false,
  });

  const organization = (account: Account) => ({
    login: account.login,
    id: account.id,
    node_id: `O_${account.id}`,
    avatar_url: `${at}/avatars/${account.id}`,
    description: null,
    url: `${at}/orgs/${account.login}`,
    ...urls(`${at}/orgs/${account.login}`, {
      repos_url: "/repos",
      events_url: "/events",
      hooks_url: "/hooks",
      issues_url: "/issues",
      members_url: "/members{/member}",
      public_members_url: "/public_members{/member}",
    }),
  });

  const app = (one: App) => ({
    id: one.id,
    slug: one.slug,
    node_id: `A_${one.id}`,
    client_id: `Iv1.${one.id}`,
    owner: user({ id: 9919, login: one.owner, type: "Organization", token: "", members: new Map() }),
    name: one.slug,
    description: null,
    external_url: `${at}/apps/${one.slug}`,
    html_url: `${at}/apps/${one.slug}`,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    permissions: one.permissions,
    events: one.events,
  });

  const team = (one: Team) => ({
    id: one.id,
    node_id: `T_${one.id}`,
    name: one.name,
    slug: one.slug,
    description: null,
    privacy: "closed",
    notification_setting: "notifications_enabled",
    permission: "pull",
    type: "organization",
    url: `${at}/organizations/1/team/${one.id}`,
    html_url: `${at}/orgs/${one.organisation}/teams/${one.slug}`,
    members_url: `${at}/organizations/1/team/${one.id}/members{/member}`,
    repositories_url: `${at}/organizations/1/team/${one.id}/repos`,
  });

  const organizationMembership = (account: Account, member: Account, role: string) => ({
    url: `${at}/orgs/${account.login}/memberships/${member.login}`,
    state: account.invited?.has(member.login.toLowerCase()) ? "pending" : "active",
    role,
    organization_url: `${at}/orgs/${account.login}`,
    user: user(member),
  });

  /** The public profile of a person or an organisation. */
  const profile = (account: Account) => ({
    ...user(account),
    name: null,
    company: null,
    blog: null,
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
  });

  const organizationProfile = (account: Account) => ({
    ...organization(account),
    has_organization_projects: false,
    has_repository_projects: false,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `${at}/${account.login}`,
    type: "Organization",
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    archived_at: null,
  });

  return {
    organizationMembership,
    organizationProfile,
    profile,
    user,
    /** A deleted account is nobody. */
    author: (account: Account) => (account.gone ? null : user(account)),
    organization,
    app,
    installation: (one: Installation) => ({
      id: one.id,
      account: user(one.account),
      repository_selection: one.selection ? "selected" : "all",
      access_tokens_url: `${at}/app/installations/${one.id}/access_tokens`,
      repositories_url: `${at}/installation/repositories`,
      html_url: `${at}/settings/installations/${one.id}`,
      app_id: one.app.id,
      app_slug: one.app.slug,
      target_id: one.account.id,
      target_type: one.account.type,
      permissions: one.permissions,
      events: one.app.events,
      single_file_name: null,
      has_multiple_single_files: false,
      single_file_paths: [],
      created_at: "2026-01-01T00:00:00Z",
      updated_at: "2026-01-01T00:00:00Z",
      suspended_by: one.suspendedBy ? user(one.suspendedBy) : null,
      suspended_at: one.suspendedAt,
    }),
    team: (one: Team, parent: Team | null = null) => ({ ...team(one), parent: parent && team(parent) }),
    /** A team with its organisation, as GitHub answers for one alone. */
    teamProfile: (
      one: Team,
      parent: Team | null,
      account: Account,
      counts: { members: number; repositories: number },
    ) => ({
      ...team(one),
      parent: parent && team(parent),
      members_count: counts.members,
      repos_count: counts.repositories,
      created_at: "2026-01-01T00:00:00Z",
      updated_at: "2026-01-01T00:00:00Z",
      organization: organizationProfile(account),
    }),
    permission: (owner: Repository, account: Account) => {
      const role = roleOf(owner, account.login);
      const coarse = role === "maintain" ? "write" : role === "triage" ? "read" : (role ?? "none");
      const role_name = role ?? "none";
      return { permission: coarse, role_name, user: { ...user(account), role_name } };
    },
  };
}
