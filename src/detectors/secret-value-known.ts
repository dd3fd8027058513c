import { lintSource } from "@secretlint/core";
import { creator as preset, rules } from "@secretlint/secretlint-rule-preset-recommend";
import type { FileSide } from "../core/detector.ts";
import type { Confidence } from "../core/finding.ts";
import { prefilter } from "./prefilter.ts";
import { SECRET_FORMATS } from "./secret-format.ts";
import { isBlank, isCommonPassword, isMadeUp, isPlaceholder } from "./secret-value-placeholder.ts";
import { encodedPieces, type View } from "./secret-value-view.ts";

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

const KEPT = rules
  .map((rule) => ({ rule, name: nameOf(rule.meta.id) }))
  .filter(({ name }) => name !== SWITCH_OFF)
  .map((kept) => ({ ...kept, literals: RULE_LITERALS[kept.name] ?? [] }));
const OWN = SECRET_FORMATS.map((format) => ({
  ...format,
  pattern: new RegExp(`(?<![A-Za-z0-9_.])(?:${format.body})(?![A-Za-z0-9_])`, "g"),
}));
/** Shorter pieces come up in any base64; what begins with one is found where its name stands beside it. */
const MIN_ENCODED = 4;
/** Stands for all formats in base64. */
const WRAPPED = {
  literals: [...KEPT, ...OWN]
    .flatMap(({ literals }) => literals)
    .filter((piece) => piece.length >= MIN_ENCODED)
    .flatMap(encodedPieces),
};
const GATED = [...KEPT, ...OWN, WRAPPED];
const GATE = prefilter<{ readonly literals: readonly string[] }>(GATED);

/** Lower-case pieces without which a text holds no value of a known format, as it stands or in base64. */
export const KNOWN_LITERALS: readonly string[] = [...new Set(GATED.flatMap(({ literals }) => literals))];

/** What a text may hold, by its pieces. */
export interface Candidates {
  readonly kept: readonly (typeof KEPT)[number][];
  readonly own: readonly (typeof OWN)[number][];
  readonly wrapped: boolean;
}

/** One pass over a text for the pieces of all formats. */
export function candidatesIn(text: string): Candidates {
  const found = new Set<unknown>(GATE.matching(Buffer.from(text), GATED));
  return {
    kept: KEPT.filter((kept) => found.has(kept)),
    own: OWN.filter((own) => found.has(own)),
    wrapped: found.has(WRAPPED),
  };
}

/** The values of known formats in a text. Lock files may be asked too: these formats have no double meaning there. */
export async function knownSecrets(
  view: View,
  file: FileSide,
  candidates: Candidates = candidatesIn(view.text),
): Promise<readonly FoundSecret[]> {
  const own = candidates.own.flatMap(({ pattern, format, confidence }) =>
    [...view.text.matchAll(pattern)].map(({ 0: secret, index }) => ({
      secret,
      format,
      line: view.lineAt(index),
      confidence,
    })),
  );
  const kept = await keptSecrets(view, file, candidates.kept);
  // What only may be a secret and looks made up is none; what has a vendor's own shape still asks a person.
  return [...kept, ...own.filter((found) => found.confidence === "certain" || !isMadeUp(found.secret))]
    .filter(({ secret }) => !isBlank(secret))
    .map((found) => (isMadeUp(found.secret) ? { ...found, confidence: "likely" } : found));
}

/** What rules of the kept rule set report, run together as a preset of our own: the list stays its maintainers'. */
async function keptSecrets(
  view: View,
  file: FileSide,
  kept: readonly (typeof KEPT)[number][],
): Promise<readonly FoundSecret[]> {
  const candidates = kept.filter(({ name }) => name !== "basicauth" || HOLDS_USER.test(view.text));
  if (candidates.length === 0) return [];
  const chosen: typeof preset = {
    ...preset,
    create(context) {
      for (const { rule } of candidates) context.registerRule(rule);
    },
  };
  const result = await lintSource({
    // Only the key file's rule asks for a name. For `.p12` it would read the disk, so that extension is not passed on.
    source: {
      filePath: "file",
      content: view.text,
      contentType: "text",
      ext: /\.json$/i.test(file.path) ? ".json" : "",
    },
    options: { config: { rules: [{ id: chosen.meta.id, rule: chosen }] }, noPhysicFilePath: true },
  });
  return result.messages.flatMap((message): readonly FoundSecret[] => {
    const format = nameOf(message.ruleId);
    const found = secretIn(message.data, view.text.slice(...message.range));
    const secret = ADDRESSES.has(format)
      ? passwordOf(found)
      : format === "npm"
        ? (/^[^\s"'#;,]+/.exec(found)?.[0] ?? "")
        : found;
    const confidence = secret === null ? null : confidenceIn(format, secret);
    return secret === null || confidence === null
      ? []
      : [{ secret, format, line: view.lineAt(message.range[0]), confidence }];
  });
}

/** How much a value proves where the kept rule set takes more than one form for the format; null where it proves nothing. */
function confidenceIn(format: string, secret: string): Confidence | null {
  if (ADDRESSES.has(format)) return "likely";
  if (format === "stripe") return /^[sr]k_test/.test(secret) ? "likely" : "certain";
  if (format === "npm" && !/^(?:npm_|[0-9a-f]{8}-[0-9a-f]{4}-)/.test(secret))
    return isPlaceholder(secret) ? null : "likely";
  if (format === "slack" && !/\d{8}|hooks\.slack/.test(secret))
    return /\d{4}/.test(secret) && !isPlaceholder(secret) ? "likely" : null;
  if (format === "sendgrid" && secret.length < SENDGRID_LENGTH)
    return secret.length < 30 || isPlaceholder(secret) ? null : "likely";
  return "certain";
}

/** What a SendGrid key has at least; the rule set also takes names of three parts. */
const SENDGRID_LENGTH = 60;

/** `://user:password@`, which a file full of links rarely holds. */
const HOLDS_USER = /:\/\/[-\w]{1,256}:[-\w]{1,256}@/;

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("secretlint-rule-") + "secretlint-rule-".length);
}

/** The value itself: a message's range may begin at the name before it, and a key file's is the whole file. */
function secretIn(data: unknown, text: string): string {
  const fields = typeof data === "object" && data !== null ? Object.entries(data) : [];
  for (const [name, value] of fields)
    if (/^[A-Z]/.test(name) && name !== "FILE_NAME" && typeof value === "string") return value;
  return /"private_key"\s*:\s*"([^"]{1,20000})"/.exec(text)?.[1] ?? text;
}

/** Addresses with a password: the shape does not prove that it opens anything, so they ask for a vote and do not block. */
const ADDRESSES: ReadonlySet<string> = new Set(["basicauth", "database-connection-string"]);

/** The password of an address, null where it is filled in later or opens what only this machine reaches. */
function passwordOf(address: string): string | null {
  const authority = address.slice(address.indexOf("://") + 3).split(/[/?#\s]/)[0] ?? "";
  const at = authority.lastIndexOf("@");
  const colon = authority.indexOf(":");
  if (at < 0 || colon < 0 || colon > at) return null;
  const user = authority.slice(0, colon);
  const password = authority.slice(colon + 1, at);
  const host = (authority.slice(at + 1).split(":")[0] ?? "").toLowerCase();
  if (password === "" || password === user || isCommonPassword(password) || LOCAL_HOST.test(host)) return null;
  return password;
}

const LOCAL_HOST =
  /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal|(?:.*\.)?example\.(?:com|org|net)|.*\.(?:local|test|invalid|localhost))$/;
