import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import type { FileSide } from "../../core/detector.ts";
import type { Confidence } from "../../core/finding.ts";
import { passwordOf } from "./secret-address.ts";
import { isPlaceholder } from "./secret-value-placeholder.ts";
import type { View } from "./secret-value-view.ts";

/** A secret found in a file. It stays inside the detector: facts carry only its fingerprint. */
export interface FoundSecret {
  readonly secret: string;
  readonly format: string;
  readonly line: number;
  readonly confidence: Confidence;
}

/** Lower-case pieces of which every value that a rule of the kept rule set knows holds one. A rule without a row sees every file. */
export const RULE_LITERALS: Readonly<Record<string, readonly string[]>> = {
  aws: ["secret_access_key", "secretaccess_key", "secret_accesskey", "secretaccesskey"],
  gcp: ["private_key"],
  privatekey: ["private key"],
  npm: ["x-oauth-basic", "_authtoken", "npm_"],
  basicauth: ["http://", "https://", "ftp://", "ftps://"],
  slack: ["xoxb-", "xoxp-", "xapp-", "xoxa-", "xoxo-", "xoxr-", "hooks.slack.com"],
  sendgrid: ["sg."],
  shopify: ["shppa_", "shpca_", "shpat_", "shpss_"],
  stripe: ["sk_live", "sk_test", "rk_live", "rk_test"],
  github: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
  gitlab: ["glpat-"],
  grafana: ["glc_", "glsa_"],
  openai: ["t3blbkfj"],
  anthropic: ["sk-ant-"],
  groq: ["gsk_"],
  huggingface: ["hf_"],
  linear: ["lin_api_"],
  notion: ["ntn_"],
  "1password": ["ops_ey"],
  "database-connection-string": ["mongodb", "mysql", "postgres"],
  "hashicorp-vault": ["hvs.", "hvb.", "hvr."],
  vercel: ["vcp_", "vci_", "vca_", "vcr_", "vck_"],
  databricks: ["dapi"],
  docker: ["dckr_pat_"],
  figma: ["figd_"],
  cloudflare: ["cfk_", "cfut_", "cfat_"],
  tailscale: ["tskey-"],
};
/** Its comments would let the very change under review switch its findings off. */
const SWITCH_OFF = "filter-comments";
const RULE_PREFIX = "secretlint-rule-";

type Rule = (typeof rules)[number];
type Context = Parameters<Rule["create"]>[0];
type Report = Parameters<Context["report"]>[0];
type Source = Parameters<NonNullable<ReturnType<Rule["create"]>["file"]>>[0];

/** A rule of the kept rule set, with the pieces that a text must hold for it to be worth running. */
export interface KeptRule {
  readonly rule: Rule;
  readonly name: string;
  readonly literals: readonly string[];
}

/** The rules of the preset that its maintainers recommend; the list stays theirs. */
export const KEPT_RULES: readonly KeptRule[] = rules
  .map((rule) => ({ rule, name: rule.meta.id.slice(rule.meta.id.lastIndexOf(RULE_PREFIX) + RULE_PREFIX.length) }))
  .filter(({ name }) => name !== SWITCH_OFF)
  .map((kept) => ({ ...kept, literals: RULE_LITERALS[kept.name] ?? [] }));

/** What rules report of a text. They are run by themselves: the rule set's own runner compares each report with each. */
export async function keptSecrets(
  view: View,
  file: FileSide,
  kept: readonly KeptRule[],
): Promise<readonly FoundSecret[]> {
  const found: FoundSecret[] = [];
  for (const { rule, name } of kept) {
    if (name === "basicauth" && !HOLDS_USER.test(view.text)) continue;
    for (const report of await reportsOf(rule, view.text, file)) {
      const secret = secretIn(name, report.message.data, view.text.slice(...report.range));
      const confidence = secret === null ? null : confidenceIn(name, secret);
      if (secret !== null && confidence !== null)
        found.push({ secret, format: name, line: view.lineAt(report.range[0]), confidence });
    }
  }
  return found;
}

async function reportsOf(rule: Rule, content: string, file: FileSide): Promise<readonly Report[]> {
  const reports: Report[] = [];
  const context: Context = {
    sharedOptions: {},
    createTranslator: () => (messageId, data) => ({ message: "", messageId: String(messageId), data }),
    report: (report) => reports.push(report),
    ignore: () => {},
  };
  // Only the key file's rule asks for a name. For `.p12` it would read the disk, so that extension is not passed on.
  const ext = /\.json$/i.test(file.path) ? ".json" : "";
  await rule.create(context, {}).file?.({ filePath: "file", content, contentType: "text", ext } as Source);
  return reports;
}

/** The value itself: a message's range may begin at the name before it, and a key file's is the whole file. */
function secretIn(format: string, data: unknown, text: string): string | null {
  const value = reportedValue(data, text);
  if (ADDRESSES.has(format)) return passwordOf(value);
  return format === "npm" ? (/^[^\s"'#;,]+/.exec(value)?.[0] ?? null) : value;
}

function reportedValue(data: unknown, text: string): string {
  const fields = typeof data === "object" && data !== null ? Object.entries(data) : [];
  for (const [name, value] of fields)
    if (/^[A-Z]/.test(name) && name !== "FILE_NAME" && typeof value === "string") return value;
  return /"private_key"\s*:\s*"([^"]{1,20000})"/.exec(text)?.[1] ?? text;
}

/** Addresses with a password: the shape does not prove that it opens anything, so they ask for a vote and do not block. */
const ADDRESSES: ReadonlySet<string> = new Set(["basicauth", "database-connection-string"]);

/** How much a value proves where the kept rule set takes more than one form for the format; null where it proves nothing. */
function confidenceIn(format: string, secret: string): Confidence | null {
  if (ADDRESSES.has(format)) return "likely";
  if (format === "stripe") return /^[sr]k_test/.test(secret) ? "likely" : "certain";
  if (format === "npm" && !/^(?:npm_|[0-9a-f]{8}-[0-9a-f]{4}-)/.test(secret))
    return isPlaceholder(secret) ? null : "likely";
  if (format === "slack") return slackConfidence(secret);
  if (format === "sendgrid" && !SENDGRID.test(secret))
    return secret.length < 30 || isPlaceholder(secret) ? null : "likely";
  return "certain";
}

/** A token of Slack is numbers of the workspace and of its user, and then the secret; without the latter it opens nothing, but for old bots' two numbers. */
function slackConfidence(secret: string): Confidence | null {
  if (/^xox[a-z](?:-[0-9]{1,14}){3,9}$/.test(secret)) return null;
  if (/^xox[a-z](?:-[0-9]{1,14})+$/.test(secret)) return "likely";
  if (/\d{8}|hooks\.slack/.test(secret)) return "certain";
  return /\d{4}/.test(secret) && !isPlaceholder(secret) ? "likely" : null;
}

/** A key of SendGrid; the rule set also takes names of three parts, and ends a key at its second hyphen. */
const SENDGRID = /^SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$/;

/** `://user:password@`, which a file full of links rarely holds. */
const HOLDS_USER = /:\/\/[-\w]{1,256}:[-\w]{1,256}@/;
