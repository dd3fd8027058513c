import { lintSource } from "@secretlint/core";
import { creator as preset, rules } from "@secretlint/secretlint-rule-preset-recommend";
import type { FileSide } from "../core/detector.ts";
import { isPlaceholder } from "./secret-value-placeholder.ts";
import type { FoundSecret } from "./secret-value-suspected.ts";

/** Lower-case pieces of which every value of a known format holds one; a file without any is not given to the rule set. */
const KNOWN_PIECES: readonly string[] = [
  ..."x-oauth-basic _authtoken npm_ xoxb- xoxp- xapp- xoxa- xoxo- xoxr- hooks.slack.com t3blbkfj sk-ant- gsk_ hf_ lin_api_ ntn_".split(
    " ",
  ),
  ..."sg. shppa_ shpca_ shpat_ shpss_ sk_live sk_test rk_live rk_test ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- glc_ glsa_".split(
    " ",
  ),
  ..."ops_ey hvs. hvb. hvr. vcp_ vci_ vca_ vcr_ vck_ dapi dckr_pat_ figd_ cfk_ cfut_ cfat_ tskey- mongodb mysql postgres".split(
    " ",
  ),
  ..."http:// https:// ftp:// ftps:// private_key secret_access_key secretaccesskey".split(" "),
];
const PEM = "private key";

/** Formats whose shape does not prove that the value is live: they ask for a vote and do not block. */
const UNPROVEN = ["basicauth", "database-connection-string", "sendgrid"];
const SENDGRID_LENGTH = 50;

/**
 * The preset without `filter-comments`, whose comments let the very change under review switch its findings off.
 * A preset of our own, so that the list the maintainers keep stays the source.
 */
const PRESET: typeof preset = {
  ...preset,
  create(context) {
    for (const rule of rules) if (!rule.meta.id.endsWith("-filter-comments")) context.registerRule(rule);
  },
};

/** Whether a file can hold a value of a known format; cheap, on lower-cased text. */
export function mayHoldKnownSecret(lower: string): boolean {
  return lower.includes(PEM) || KNOWN_PIECES.some((piece) => lower.includes(piece));
}

/** The values of known formats in a file, by the kept rule set. */
export async function knownSecrets(file: FileSide): Promise<readonly FoundSecret[]> {
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  const ext = dot > 0 ? name.slice(dot).toLowerCase() : "";
  const result = await lintSource({
    // A key store's rule would open the file from disk; detectors do no I/O, so such an extension is not passed on.
    source: { filePath: name, content: file.text, contentType: "text", ext: ext === ".p12" ? "" : ext },
    options: { config: { rules: [{ id: PRESET.meta.id, rule: PRESET }] }, noPhysicFilePath: true },
  });
  return result.messages.flatMap((message): readonly FoundSecret[] => {
    const format = message.ruleId.slice(message.ruleId.lastIndexOf("secretlint-rule-") + "secretlint-rule-".length);
    const secret = secretIn(message.data, file, message.range);
    if (message.messageId === "AWSAccountID" || isPlaceholder(secret)) return [];
    if (format === "sendgrid" && secret.length < SENDGRID_LENGTH) return [];
    if (isSampleAddress(format, secret)) return [];
    const confidence = UNPROVEN.includes(format) && format !== "sendgrid" ? "likely" : "certain";
    return [{ secret, format, line: message.loc.start.line, confidence }];
  });
}

/** The value itself: a message's range may begin at the name before it. */
function secretIn(data: unknown, file: FileSide, range: readonly [number, number]): string {
  const fields = typeof data === "object" && data !== null ? Object.entries(data) : [];
  for (const [name, value] of fields)
    if (name !== "FILE_NAME" && name !== "typeName" && typeof value === "string") return value;
  const key = file.literals.find((literal) => literal.path.at(-1) === "private_key");
  return key?.value ?? file.text.slice(range[0], range[1]);
}

/** Addresses with a password that stands for itself on a machine nobody else reaches, or is filled in later. */
function isSampleAddress(format: string, address: string): boolean {
  if (!UNPROVEN.includes(format) || format === "sendgrid") return false;
  const authority = address.slice(address.indexOf("://") + 3).split("/")[0] ?? "";
  const at = authority.lastIndexOf("@");
  const [user = "", password = ""] = authority.slice(0, at).split(":");
  const host = (authority.slice(at + 1).split(":")[0] ?? "").toLowerCase();
  if (at < 0 || password === "" || password === user || isPlaceholder(password)) return true;
  return host === "localhost" || host === "127.0.0.1" || host.endsWith("example.com") || host.endsWith("example.org");
}
