import { type HclScan, readExpression, readName, skipBlanks } from "./hcl-expression.ts";
import { quotedTemplate } from "./hcl-template.ts";
import { lineNumbers } from "./line-numbers.ts";
import { readLines } from "./line-reader.ts";
import type { Reader, Reading } from "./reader.ts";

const MAX_DEPTH = 50;
const MAX_LABELS = 16;

/** HCL as Terraform, OpenTofu, Packer, Nomad, Vault and Terragrunt write it. */
export const hclReader: Reader = {
  name: "hcl",
  reads: (path) => /\.(?:tf|tfvars|tofu|hcl|nomad)$|(?:^|\/)\.terraformrc$/i.test(path),
  read: (text) => readHcl(text) ?? readLines(text),
};

/**
 * The values of HCL text, null when it is none: a block's type and labels are parts of the path. In `detail` also what
 * other resources and inputs give (`aws_s3_bucket.logs.arn`), as the template that would stand for it
 * (`${aws_s3_bucket.logs.arn}`), and a number behind the type of each nested block, which tells repeated ones apart.
 */
export function readHcl(text: string, detail = false): Reading | null {
  const scan: HclScan = { text, detail, lineOf: lineNumbers(text), literals: [], comments: [], at: 0 };
  if (!readBody(scan, [], 0) || scan.at < text.length) return null;
  return { literals: scan.literals, comments: scan.comments, parsed: true };
}

/** Attributes and blocks up to the end of the text or the brace that closes them, which is left ahead. */
function readBody(scan: HclScan, path: readonly string[], depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  const blocks = new Map<string, number>();
  for (;;) {
    if (!skipBlanks(scan, true)) return false;
    if (scan.at >= scan.text.length || scan.text[scan.at] === "}") return true;
    const name = readLabel(scan);
    if (name === null || !skipBlanks(scan, false)) return false;
    const below = [...path, name];
    if (scan.text[scan.at] === "=" && scan.text[scan.at + 1] !== "=") {
      scan.at += 1;
      if (!readExpression(scan, below, false, 0)) return false;
    } else {
      const number = blocks.get(name) ?? 0;
      blocks.set(name, number + 1);
      if (!readBlock(scan, scan.detail && depth > 0 ? [...below, String(number)] : below, depth)) return false;
    }
    if (!skipBlanks(scan, false)) return false;
    const next = scan.text[scan.at];
    if (next !== undefined && next !== "\n" && next !== "}") return false;
  }
}

function readBlock(scan: HclScan, path: readonly string[], depth: number): boolean {
  const labels: string[] = [];
  while (scan.text[scan.at] !== "{") {
    const label = readLabel(scan);
    if (label === null || labels.length >= MAX_LABELS || !skipBlanks(scan, false)) return false;
    labels.push(label);
  }
  scan.at += 1;
  if (!readBody(scan, [...path, ...labels], depth + 1) || scan.text[scan.at] !== "}") return false;
  scan.at += 1;
  return true;
}

/** A name or a quoted string, null when there is neither. */
function readLabel(scan: HclScan): string | null {
  if (scan.text[scan.at] !== '"') return readName(scan) || null;
  const found = quotedTemplate(scan.text, scan.at);
  if (found) scan.at = found.end;
  return found?.value ?? null;
}
