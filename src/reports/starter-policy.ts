import type { ReportPlace } from "./report-context.ts";

/**
 * A first policy for a repository without one. It only observes and names nobody of its own accord but the account whose
 * repository it is: whoever opened the pull request may be a stranger.
 */
export function starterPolicy({
  owner,
  ownedByOrganization,
}: Pick<ReportPlace, "owner" | "ownedByOrganization">): string {
  const people = ownedByOrganization
    ? [
        "# Name people and teams, then take the # away:",
        "# roles:",
        `#   ai-reviewer: ["@${owner}/your-team"]       # approve low and medium changes`,
        '#   risk-owner: ["@login", "@another-login"]   # people, never teams: they accept risk',
        `# contact: "@${owner}/your-team"               # shown to whoever is blocked`,
      ]
    : [
        "roles:",
        `  ai-reviewer: ["@${owner}"]   # add others: nobody approves their own change`,
        `  risk-owner: ["@${owner}"]`,
      ];
  return [
    "# Countersign: who approves changes of models, prompts and credentials.",
    "version: 1",
    "mode: observe   # look at some pull requests first; enforce blocks what was not approved",
    ...people,
    "",
  ].join("\n");
}

/** A page of the repository's own server that opens the starter policy in an editor. */
export function starterPolicyUrl(place: ReportPlace): string {
  const { server, owner, name, defaultBranch } = place;
  const branch = defaultBranch.split("/").map(encodeURIComponent).join("/");
  const query = `filename=${encodeURIComponent(".github/countersign.yml")}&value=${encodeURIComponent(starterPolicy(place))}`;
  return `${server}/${owner}/${name}/new/${branch}?${query}`;
}
