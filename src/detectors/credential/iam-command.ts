import type { FileSide } from "../../core/detector.ts";
import { textGate } from "../text-gate.ts";
import type { CloudGrant } from "./cloud-grant.ts";
import { isCommentLine } from "./shell-reference.ts";

const GRANT =
  /add-iam-policy-binding|role assignment create|attach-(?:role|user|group)-policy|put-(?:role|user)-policy|create-access-key|iam service-accounts keys create|ad sp create-for-rbac|ad app credential reset/;
const mayGrant = textGate(
  ..."add-iam-policy-binding,role assignment create,attach-role-policy,attach-user-policy,attach-group-policy".split(
    ",",
  ),
  ..."put-role-policy,put-user-policy,create-access-key,service-accounts keys create,create-for-rbac,credential reset".split(
    ",",
  ),
);
const NAMED =
  /--(?:role|policy-arn|assignee|member|iam-account|scopes?)[= ]\s{0,3}["']?([A-Za-z0-9:/._@*$-][A-Za-z0-9:/._@*${} -]{1,200}?)["']?(?=\s--|\s*$|\s#|["'])/g;
const MAX_COMMAND = 5000;
const MAX_CONTINUED = 20;

/** What commands of the clouds' own tools give to somebody, continued lines joined. */
export function commandGrants(file: FileSide): readonly CloudGrant[] {
  if (!mayGrant(file) || !GRANT.test(file.text)) return [];
  const lines = file.text.split("\n");
  return lines.flatMap((line, index): readonly CloudGrant[] => {
    const [command] = isCommentLine(line) ? [] : (GRANT.exec(line) ?? []);
    if (command === undefined) return [];
    const named = [...joined(lines, index, line.indexOf(command)).matchAll(NAMED)].map(([, value = ""]) =>
      value.trim(),
    );
    const key = named.length > 0 ? `${command} ${named.join(" ")}` : command;
    return [{ key, value: "present", line: index + 1, references: [] }];
  });
}

/** A command from where it begins, continued lines joined. */
function joined(lines: readonly string[], index: number, from: number): string {
  let end = index;
  while (end < index + MAX_CONTINUED && (lines[end] ?? "").trimEnd().endsWith("\\")) end += 1;
  return lines
    .slice(index, end + 1)
    .map((part) => part.replace(/\\\s*$/, ""))
    .join(" ")
    .slice(from, from + MAX_COMMAND);
}
