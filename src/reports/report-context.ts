import type { ObjectId } from "../core/change-set.ts";
import type { OwnRules } from "./own-rules.ts";
import type { Annotation } from "./pull-request-view.ts";

/** Where a pull request lives, for the links of a report. */
export interface ReportPlace {
  /** `https://github.com`, or the address of an Enterprise Server, without a slash at its end. */
  readonly server: string;
  readonly owner: string;
  readonly name: string;
  readonly number: number;
  readonly defaultBranch: string;
  readonly ownedByOrganization: boolean;
}

/** An approval that was given and counts no longer, because what it covered changed. */
export interface InvalidatedApproval {
  readonly person: string;
  /** The first commit since that changed it; null where that cannot be told. */
  readonly commit: ObjectId | null;
  /** The path that changed; null where that cannot be told. */
  readonly path: string | null;
}

/** The rules that were in force, by version. */
export interface RulesInForce {
  /** The repository's own policy: the commit that it was read from, and its blob; null where there is none. */
  readonly policy: { readonly commit: ObjectId; readonly blob: ObjectId } | null;
  /** The organisation's policy, by what identifies its version; null where there is none. */
  readonly baseline: string | null;
}

/** What the program was not granted and goes on without. */
export interface Ungranted {
  /** What is missing and what comes of it, a sentence each. */
  readonly effects: readonly string[];
  /** The page where it is granted. */
  readonly address: string;
}

/** A command that somebody gave, with what came of it. */
export interface CommandLine {
  readonly person: string;
  /** As written behind `/countersign`, without its reason. */
  readonly command: string;
  readonly done: boolean;
  readonly reason: string;
}

/** What a report needs beside the evaluation. */
export interface ReportContext {
  readonly checkName: string;
  readonly place: ReportPlace;
  readonly rules: RulesInForce;
  readonly invalidated: readonly InvalidatedApproval[];
  /** Sentences to add, each about something that was left out, assumed or is unusual. */
  readonly notes: readonly string[];
  /** Absent or null where everything was granted. */
  readonly ungranted?: Ungranted | null;
  /** Further notes on lines: values of the policy that the organisation's holds stricter. */
  readonly annotations: readonly Annotation[];
  /** How a change that edits policy or registry would be judged by what it leaves of them; absent or null for others. */
  readonly ownRules?: OwnRules | null;
  /** Commands that a reaction alone does not answer; absent where none was given. */
  readonly commands?: readonly CommandLine[];
  /** Whether the check has to hold the explanation that somebody asked for, because no comment may. */
  readonly explains?: boolean;
  /** A page that explains more; null where there is none. */
  readonly detailsUrl: string | null;
  /** Whether a comment of ours stands on the pull request already, so that it must not go on saying what was. */
  readonly commented: boolean;
}

/** Whether any policy is in force, the repository's or the organisation's. */
export function hasPolicy({ policy, baseline }: RulesInForce): boolean {
  return policy !== null || baseline !== null;
}

/** The address of a file's line at a commit. */
export function fileUrl({ server, owner, name }: ReportPlace, commit: ObjectId, path: string): string {
  return `${server}/${owner}/${name}/blob/${commit}/${path}`;
}
