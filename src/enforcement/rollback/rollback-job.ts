import { z } from "zod";
import type { Work } from "../../queues/queue.ts";
import type { Store } from "../../stores/store.ts";

const Repository = z.object({
  installation: z.int(),
  repository: z.int(),
  owner: z.string(),
  name: z.string(),
});
const Asked = Repository.extend({
  number: z.int(),
  /** How often was looked in vain for what landed. */
  looks: z.int().optional(),
});
const Finished = Repository.extend({
  /** The id of the record that a rollback is finished. */
  record: z.string(),
});
type Place = z.infer<typeof Asked>;

/** The works that take changes back, with what each is told. */
export const ROLLBACK_JOBS = {
  /** Do what was asked for on a pull request: take it back, or rehearse that. */
  "answer-rollback": Asked,
  /** Say on the pull request that was taken back that it was, and how long that took. */
  "tell-rollback": Finished,
} as const;

/** The commands that are answered by those works, whatever else looks at a pull request. */
export const ROLLBACK_COMMANDS: ReadonlySet<string> = new Set(["rollback", "rehearse"]);

/** Answers what was asked for on a pull request. */
export function rollbackWork({ installation, repository, owner, name, number }: Place, looks = 0): Work {
  const payload = { installation, repository, owner, name, number, ...(looks > 0 ? { looks } : {}) };
  return { key: `rollback/${repository}/${number}`, kind: "answer-rollback", payload };
}

/** Tells of a finished rollback. */
export function rolledBackWork(
  { installation, repository, owner, name }: z.infer<typeof Repository>,
  record: string,
): Work {
  const payload = { installation, repository, owner, name, record };
  return { key: `rolled-back/${repository}/${record}`, kind: "tell-rollback", payload };
}

/** What a command on a pull request that is not open any more may ask for. */
export async function rollbackWorks(
  { place, onIssue }: { readonly place: Place; readonly onIssue?: true },
  known: Pick<Store, "headOf">,
): Promise<readonly Work[]> {
  if (onIssue) return [];
  const stored = await known.headOf(place.repository, place.number);
  return stored?.open === false ? [rollbackWork(place)] : [];
}
