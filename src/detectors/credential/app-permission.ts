import type { Detector, Fact, FactChange, FileSide, Judgement, Literal } from "../../core/detector.ts";
import { confidenceIn, directionOf, distinctFacts } from "../distinct-facts.ts";
import { lastName, partQuestion } from "../literal-parts.ts";

/** Longer texts are no list of scopes. */
const MAX_SCOPES = 100_000;
const RULE = "credential/app-permission";
const SKIPPED =
  /\.(?:md|mdx|rst|txt|svg|map|patch|diff|snap|csv|css|html?|tmLanguage\.json|lock)$|\.min\.js$|(?:^|\/)package(?:-lock)?\.json$|\/(?:syntaxes|grammars|themes)\//i;
const GOOGLE = "https://www.googleapis.com/auth/";
const MICROSOFT = "https://graph.microsoft.com/";
const SCOPE_KEY =
  /^(?:scopes?|oauth_?scopes?|bot_scopes?|user_scopes?|default_scopes?|required_scopes?|[A-Z_]*SCOPES?|botScopes|userScopes|requestedScopes|bot|user|delegated|application)$/;
/** Where a list called scope is one of permissions: the words that its path or its file holds. */
const AUTHORISATION =
  /oauth|auth|slack|google|github|graph|login|consent|credential|connector|passport|provider|token|msal|manifest|client/i;
const SCOPE =
  /^[a-z][a-z0-9_]*(?:[.:/][A-Za-z0-9_.:*-]+)+$|^(?:repo|gist|notifications|workflow|user|project|read:org|openid|profile|email|offline_access|api|admin|write|read|commands|[A-Z][A-Za-z]+\.(?:Read|ReadWrite|Send|Manage|FullControl|AccessAsUser)[A-Za-z.]*)$/;

const ADMIN_SCOPE =
  /^scope (?:admin\b.*|.*[:.]admin\b.*|.*FullControl\.All|.*AccessAsUser\.All|.*auth\/cloud-platform)$/;

/** Parts without one of which a path says nothing of permissions. */
const permissionParts = partQuestion(
  (part) =>
    /^(?:default_?permissions|default_events|bot_events|requiredResourceAccess)$/i.test(part) || SCOPE_KEY.test(part),
);

/** What an application may do for its users: GitHub App permissions, OAuth, Slack, Google and Microsoft scopes. */
export const appPermissionDetector: Detector = {
  name: "app-permission",
  rules: [
    {
      id: RULE,
      class: "credential",
      summary: "An application's permissions or scopes are widened or narrowed.",
      severity: "Wider: major, administration at least tier critical. Narrower: minor.",
    },
  ],
  literals: [
    "scope",
    "default_permissions",
    "defaultpermissions",
    "googleapis.com/auth",
    "graph.microsoft.com",
    "resourceaccess",
  ],
  selects: (path) => !SKIPPED.test(path),
  extract: (file) => {
    if (file.binary) return [];
    const named = permissionParts.any(file.literals);
    const meant = file.literals.filter(({ value }) => named || value.includes("https://"));
    return distinctFacts(meant.flatMap((literal) => factsOf(file, literal)));
  },
  judge,
};

function factsOf(file: FileSide, literal: Literal): readonly Fact[] {
  const { path, value } = literal;
  const last = path.at(-1) ?? "";
  const parent = path.at(-2) ?? "";
  if (parent === "default_permissions" || parent === "defaultPermissions")
    return [fact(file, `permission ${last}`, value, literal.line)];
  if (path.includes("default_events") || path.includes("bot_events"))
    return [fact(file, `event ${value}`, "subscribed", literal.line)];
  if (path.includes("requiredResourceAccess") && last === "id")
    return [fact(file, `Microsoft permission ${value}`, "requested", literal.line)];
  return scopesOf(file, literal).map((scope) => fact(file, `scope ${scope}`, "requested", literal.line));
}

function scopesOf(file: FileSide, { path, value }: Literal): readonly string[] {
  if (value.length > MAX_SCOPES) return [];
  if (value.includes(GOOGLE) || value.includes(MICROSOFT) || value.includes("https://mail.google.com/")) {
    return entriesIn(value).filter(
      (entry) => entry.startsWith(GOOGLE) || entry.startsWith(MICROSOFT) || entry === "https://mail.google.com/",
    );
  }
  const name = lastName(path);
  const inScopes =
    SCOPE_KEY.test(name) && (/scope/i.test(name) || path.some((part) => /^(?:oauth_)?scopes$/i.test(part)));
  if (!inScopes || !AUTHORISATION.test([...path.slice(0, -1), file.path].join(" "))) return [];
  const entries = entriesIn(value);
  return entries.every((entry) => SCOPE.test(entry)) ? entries : [];
}

function entriesIn(value: string): readonly string[] {
  return value.split(/[\s,]+/).filter((entry) => entry !== "");
}

function fact(file: FileSide, key: string, value: string, line: number): Fact {
  return {
    rule: RULE,
    key,
    value,
    shown: value === "requested" || value === "subscribed" ? key : `${key}: ${value}`,
    line,
    confidence: confidenceIn(file),
  };
}

const LEVELS = ["none", "read", "write", "admin"];

function judge(change: FactChange): Judgement {
  const { before, after } = change;
  const key = (after ?? before)?.key ?? "";
  const level = (side: Fact | undefined) =>
    side ? Math.max(LEVELS.indexOf(side.value), side.value === "none" ? 0 : 1) : 0;
  const less = level(after) <= level(before);
  const remedy = less
    ? "Check that the application still has what it needs."
    : "Ask for the least scope, and say in the registry what it is for.";
  if (key.startsWith("event ")) return { direction: directionOf(change), severity: "minor", remedy };
  if (level(after) === level(before)) return { direction: directionOf(change), severity: "minor", remedy };
  if (less) return { direction: "narrowed", severity: "minor", remedy };
  const admin = after?.value === "admin" || key === "permission administration" || ADMIN_SCOPE.test(key);
  return { direction: "widened", severity: "major", remedy, ...(admin ? { floor: "critical" as const } : {}) };
}
