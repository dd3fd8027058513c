import { evaluatingView } from "../reports/check-run.ts";
import type { StoredHead, StoredView } from "../stores/store.ts";
import type { HostedPullRequest } from "../work/hosting.ts";
import type { Enforcement } from "./enforcement.ts";
import { checkNamesOf } from "./governed-branch.ts";
import type { Matter } from "./matter.ts";
import { isUnderRules, publishCheck } from "./publication.ts";

/**
 * Takes back answers that let this head merge and may have become wrong, before the new answer is looked for, which takes
 * its time (security rule S19). On a head without a run nothing can merge anyway.
 */
export async function unsettle(matter: Matter, known: StoredHead | null): Promise<void> {
  const { repository, store, pulls, names } = matter;
  for (const name of names) {
    const view = await store.viewOf(repository.name.id, pulls[0].head, name);
    const reason = view?.passing ? doubtAbout(view, matter, known) : null;
    if (reason !== null) await publishCheck(matter, name, evaluatingView(shownAs(name), reason), false);
  }
}

/** What a run without an answer is shown with. */
export function shownAs(checkName: string) {
  return { checkName, detailsUrl: null };
}

/** Why an earlier answer may be wrong; null where only the facts of the pull request can have changed. */
function doubtAbout(view: StoredView, matter: Matter, known: StoredHead | null): string | null {
  const [{ head, base }] = matter.pulls;
  if (known === null) return "this head was answered for another pull request";
  if (!known.open) return "this pull request was closed meanwhile";
  if (known.baseRef !== base.ref) return "this pull request was moved to another base branch";
  if (known.head !== head || known.depends === null) return "this head was answered before it was pushed here";
  if (view.premises === matter.premises) return null;
  if (isUnderRules(view, matter.rules)) return "other pull requests have, or had, this head";
  // Of what nothing was governed in, all but all is not governed under the next rules either: writing twice for each
  // open pull request would use up what an hour allows, and delay the answers that matter.
  return known.depends.governed ? "the rules have changed" : null;
}

/** A head that was answered, and the names under which it still may be. */
interface Answered extends Pick<Matter, "repository" | "names" | "policy"> {
  readonly pulls: readonly [Pick<HostedPullRequest, "number" | "head" | "defaultBranch">, ...unknown[]];
}

/**
 * Takes back answers for branches that no open pull request with this head goes into any more, and no merge group: moved
 * back there, it must not find them standing (S01, P09).
 */
export async function withdrawElsewhere(
  { repository, pulls, names, policy }: Answered,
  { store }: Pick<Enforcement, "store">,
): Promise<void> {
  const [{ head, number, defaultBranch }] = pulls;
  const standing = (await store.viewsAt(repository.name.id, head)).filter(
    ({ passing, checkName }) => passing && !names.includes(checkName),
  );
  if (standing.length === 0) return;
  const others = (await store.headsAt(repository.name.id, head)).filter(
    ({ open, pullRequest }) => open && pullRequest !== number,
  );
  const group = await store.groupAt(repository.name.id, head);
  const places = [...others, ...(group?.open ? [group] : [])];
  const wanted = new Set(places.flatMap(({ baseRef }) => checkNamesOf(baseRef, defaultBranch.name, policy)));
  const reason = "no pull request with this head goes into that branch now";
  for (const { checkName, premises } of standing)
    if (!wanted.has(checkName))
      await publishCheck(
        { repository, store, pulls: [{ number, head }], premises },
        checkName,
        evaluatingView(shownAs(checkName), reason),
        false,
      );
}
