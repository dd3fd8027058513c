import { codeSpan, sentence } from "./markdown-text.ts";

/** What whoever gave a command after the merge is told where a reaction does not say it. */
export function refusalText({
  person,
  done,
  reason,
}: {
  readonly person: string;
  readonly done: boolean;
  readonly reason: string;
}): string {
  return `${codeSpan(`@${person}`)}: ${done ? "" : "**refused**: "}${sentence(reason, 600)}`;
}
