import type { FileSide } from "../../core/detector.ts";
import { linesOf, linesWith } from "../file-lines.ts";
import { textGate } from "../text-gate.ts";
import type { CloudGrant } from "./cloud-grant.ts";
import { isCommentLine } from "./shell-reference.ts";

const CODE = /\.(?:[cm]?[jt]s|py|java|kt|cs|go)$/i;
/** `bucket.grantRead(handler)`, `table.grant_read_write_data(worker)`, `queue.GrantSendMessages(fn)` of the cloud development kit. */
const GRANT =
  /(?<![\w.])([\w.[\]!?]{1,120})\.(grant(?:_[a-z_]{1,40}|[A-Z]\w{0,40})?|Grant(?:[A-Z]\w{0,40})?)\(\s{0,8}([\w.!?]{0,120})/g;
const GRANTS = /\.[gG]rant[A-Z_(]/g;
const mayConstruct = textGate("aws-cdk", "aws_cdk", "awscdk", "amazon.cdk");

/** What programs that build a cloud's resources give to somebody by a method of the resource. */
export function constructGrants(file: FileSide): readonly CloudGrant[] {
  if (!CODE.test(file.path) || !mayConstruct(file)) return [];
  const lines = linesOf(file);
  return linesWith(file, GRANTS).flatMap((index): readonly CloudGrant[] => {
    const text = lines[index] ?? "";
    if (text.length > 400 || isCommentLine(text)) return [];
    return [...text.matchAll(GRANT)].map(([, resource = "", method = "", grantee = ""]) => ({
      key: `${bare(resource)}.${method} to ${bare(grantee) || "somebody"}`,
      value: "present",
      line: index + 1,
      references: [],
    }));
  });
}

/** A name without the object that holds it: `this.table`, `props.table!` alike. */
function bare(name: string): string {
  return name.replace(/[!?]/g, "").replace(/^(?:this|self|props)\./, "");
}
