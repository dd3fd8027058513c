import type { FactChange, Judgement } from "../../core/detector.ts";
import { directionOf } from "../distinct-facts.ts";

/** What a change of weights, of where they come from, or of what reading them runs means. */
export function judgeWeights(change: FactChange): Judgement {
  const { before, after } = change;
  const direction = directionOf(change);
  if ((after ?? before)?.rule === "model/unsafe-pickle") return judgePickle(change);
  if (!after) return { direction, severity: "minor", remedy: "Check that nothing loads these weights any more." };
  const moved = before !== undefined && originOf(before.value) !== originOf(after.value);
  return moved
    ? {
        direction,
        severity: "major",
        remedy: "Register where the weights come from now, and show an evaluation of them.",
      }
    : { direction, severity: "material", remedy: "Say where the weights come from and show an evaluation of them." };
}

function judgePickle(change: FactChange): Judgement {
  const direction = directionOf(change);
  if (!change.after) return { direction, severity: "trivial", remedy: "Nothing is left to run." };
  return {
    direction,
    severity: "major",
    remedy: "Convert the weights to safetensors, or show where the file was made and what it loads.",
  };
}

/** Where weights come from: the host and owner of an address, the repository of a revision, the name in a registry. */
function originOf(value: string): string {
  const address = /^(https?|s3|gs|az|abfss?|hdfs|ftp):\/\/([^/]*)\/?([^/]*)\/?([^/]*)/.exec(value);
  if (address)
    return `${address[2]}/${address[3]}${/huggingface\.co$|github/.test(address[2] ?? "") ? `/${address[4]}` : ""}`;
  if (/^(?:sha256|md5|etag|runs):/.test(value)) return "";
  const at = value.indexOf("@");
  return at < 0 ? value.replace(/:[0-9a-f]{7,64}$/, "") : value.slice(0, at);
}
