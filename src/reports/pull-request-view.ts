/** A check run and a comment as they should stand. Text only; no secret, nothing that notifies (P39, P40). */
export interface PullRequestView {
  readonly checkRun: CheckRunView;
  /** Null where no comment is called for; one that stands stays. */
  readonly comment: string | null;
}

/** A check run as it should stand on a head. */
export interface CheckRunView {
  readonly name: string;
  readonly status: "in_progress" | "completed";
  /** Never `neutral`, never `skipped` (P12); null while in progress. */
  readonly conclusion: "success" | "failure" | "action_required" | null;
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  readonly annotations: readonly Annotation[];
  readonly actions: readonly { readonly label: string; readonly description: string; readonly identifier: string }[];
  readonly detailsUrl: string | null;
}

/** A note on lines of the head. */
export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: "notice" | "warning" | "failure";
  readonly title: string;
  readonly message: string;
}
