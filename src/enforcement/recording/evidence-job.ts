import { z } from "zod";
import type { Work } from "../../queues/queue.ts";

const Evidence = z.object({
  installation: z.int(),
  repository: z.int(),
  owner: z.string(),
  name: z.string(),
  /** The id of the record to show. */
  record: z.string(),
  /** True where what stands was changed by somebody: it is written whatever was written last. */
  again: z.boolean().optional(),
});
type Place = Pick<z.infer<typeof Evidence>, "installation" | "repository" | "owner" | "name">;

/** The works that show people what is recorded, with what each is told. */
export const EVIDENCE_JOBS = {
  /** Make the comment and the check of a merged pull request show its record. */
  "publish-evidence": Evidence,
} as const;

/** Shows a record on its pull request. */
export function evidenceWork(place: Place, record: string, options: { readonly again?: true } = {}): Work {
  const { installation, repository, owner, name } = place;
  return {
    key: `evidence/${repository}/${record}`,
    kind: "publish-evidence",
    payload: { installation, repository, owner, name, record, ...options },
  };
}
