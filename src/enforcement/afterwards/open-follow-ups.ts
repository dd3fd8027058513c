import type { LedgerFacts } from "../../core/facts.ts";
import type { Instant } from "../../core/scalars.ts";
import type { StoredFollowUp } from "../../stores/follow-up-store.ts";
import type { Store } from "../../stores/store.ts";

/** Where a change is to land, and which pull requests propose it. */
export interface OpenScope {
  readonly repository: number;
  readonly pulls: readonly number[];
  readonly now: Instant;
}

/** What is still open after earlier changes, as the decision about a further one needs it. */
export async function openFollowUps(
  { repository, pulls, now }: OpenScope,
  store: Pick<Store, "openFollowUps" | "openBreakGlasses" | "glassesAt">,
): Promise<Pick<LedgerFacts, "openBreakGlasses" | "owed">> {
  const owed = await store.openFollowUps(repository);
  const merged = (await store.openBreakGlasses()).map(({ person, systems, pull, ...of }) => ({
    ...{ person: person ?? "", systems, of: of.repository },
    what: `${pull === null ? "one" : `#${pull}`} lacks its approval afterwards`,
  }));
  const holding = (await store.glassesAt(now))
    .filter((glass) => glass.repository !== repository || !pulls.includes(glass.pullRequest))
    .map(({ person, systems, pullRequest, until, ...of }) => ({
      ...{ person, systems, of: of.repository, what: `the one for #${pullRequest} holds until ${until}` },
    }));
  return {
    // People are the same everywhere, systems are a repository's own; nor does one repository say what another holds.
    openBreakGlasses: [...merged, ...holding].map(({ of, person, systems, what }) =>
      of === repository ? { person, systems, what } : { person, systems: [], what: "in another repository" },
    ),
    owed: owed.map((one) => ({ systems: one.systems, dueAt: one.dueAt, what: owedSentence(one) })),
  };
}

const LACKS: Readonly<Record<StoredFollowUp["kind"], string>> = {
  "retrospective-approval": "lacks its approval afterwards",
  "corrective-action": "lacks a cause and an action",
};

/** What is owed, by whom, since when, and what to do about it: for the check of whoever is held up by it. */
function owedSentence({ kind, record, pull, after, owner, dueAt, id }: StoredFollowUp): string {
  const what = pull === null ? (after === null ? record : `commit ${after.slice(0, 12)}`) : `#${pull}`;
  const whose = owner === "" ? "" : `${owner} sees to it, `;
  const place = pull === null ? "in the issue that tells of it" : `on #${pull} or in the issue that tells of it`;
  const command = kind === "corrective-action" ? `close ${id} cause: … action: …` : `approve ${after ?? ""}`;
  return `${what} ${LACKS[kind]} since ${dueAt.slice(0, 10)} (${whose}record ${record}); ${place}, comment /countersign ${command}`;
}
