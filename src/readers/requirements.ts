import type { Comment, Literal } from "../core/detector.ts";
import { isFull } from "./literal-cap.ts";
import type { Reader, Reading } from "./reader.ts";

const REQUIREMENT = /^([A-Za-z0-9][\w.-]{0,200})[ \t]{0,50}(?:\[[^\]]{0,300}\])?[ \t]{0,50}/;
const WINDOW = 1000;

/** pip's requirement and constraint files: the constraint (or address) of each package by its name, and the options. */
export const requirementsReader: Reader = {
  name: "requirements",
  reads: (path) =>
    /(?:^|[/._-])(?:requirements?|constraints?|reqs?)(?:[._-][^/]*)?\.(?:txt|in|pip)$|(?:^|\/)requirements\/[^/]+\.(?:txt|in)$/i.test(
      path,
    ),
  read: readRequirements,
};

function readRequirements(text: string): Reading {
  const literals: Literal[] = [];
  const comments: Comment[] = [];
  let parsed = true;
  let pending: string[] = [];
  let first = 0;
  text.split("\n").forEach((source, index) => {
    if (isFull({ literals, comments })) return;
    if (pending.length === 0) first = index + 1;
    const hash = source.search(/(?:^|[ \t])#/);
    if (hash >= 0) comments.push({ text: source.slice(source.indexOf("#", hash) + 1).trim(), line: index + 1 });
    const content = (hash < 0 ? source : source.slice(0, hash)).trim();
    if (content.endsWith("\\")) {
      pending.push(content.slice(0, -1));
      return;
    }
    const entry = [...pending, content].join(" ").trim();
    pending = [];
    if (entry === "") return;
    const literal = requirement(entry, first);
    if (literal) literals.push(literal);
    else parsed = false;
  });
  return { literals, comments, parsed: parsed && !isFull({ literals, comments }) };
}

function requirement(entry: string, line: number): Literal | null {
  const option = /^(--?[a-zA-Z-]{1,40})(?:[ \t=]|$)/.exec(entry);
  const rest = option ? entry.slice(option[0].length).trim() : entry;
  if (option && !/^(?:-e|--editable)$/.test(option[1] as string)) {
    return { path: [option[1] as string], value: rest, kind: "string", line };
  }
  const bare = withoutOptions(rest);
  if (/^(?:[a-z+]{2,20}:\/\/|git@|[./])/i.test(bare)) {
    const egg = /[#&]egg=([A-Za-z0-9][\w.-]{0,200})/.exec(bare);
    return { path: [egg?.[1] ?? option?.[1] ?? "-e"], value: bare, kind: "string", line };
  }
  const match = REQUIREMENT.exec(bare.slice(0, WINDOW));
  if (!match) return null;
  const constraint = bare.slice(match[0].length);
  const marker = constraint.indexOf(constraint.startsWith("@") ? " ;" : ";");
  const value = (marker < 0 ? constraint : constraint.slice(0, marker)).replace(/^@[ \t]{0,50}/, "").trim();
  return { path: [match[1] as string], value, kind: "string", line };
}

/** Without `--hash=...` and other options of one requirement. */
function withoutOptions(entry: string): string {
  const at = entry.indexOf(" --");
  return (at < 0 ? entry : entry.slice(0, at)).trim();
}
