import type { Detector, Fact, FactChange, FileSide, Judgement } from "../../core/detector.ts";
import { confidenceIn, directionOf, distinctFacts } from "../distinct-facts.ts";
import { isCredentialField, isCredentialName } from "./credential-name.ts";

const RULE = "credential/compose";
const PLAIN_TEXT = "plain text";
const COMPOSE = /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/i;
const HELM = /(?:^|\/)values[^/]*\.ya?ml$|(?:^|\/)(?:charts?|helm)\/[^{}]*\.ya?ml$|(?:^|\/)helmfile[^/]*\.ya?ml$/i;

/** Credentials that containers get from compose files and Helm values: environment keys and mounted secrets. */
export const composeDetector: Detector = {
  name: "compose",
  rules: [{ id: RULE, class: "credential", summary: "A container gets or loses a credential.", severity: "material" }],
  literals: ["environment", "secret", "env_file", "env", "password", "token", "key"],
  selects: (path) => COMPOSE.test(path) || HELM.test(path),
  extract: (file) => (file.binary ? [] : distinctFacts(COMPOSE.test(file.path) ? composeFacts(file) : helmFacts(file))),
  judge,
};

function composeFacts(file: FileSide): readonly Fact[] {
  return file.literals.flatMap(({ path, value, line }): readonly Fact[] => {
    const [top, service = "", field = "", third = ""] = path;
    if (
      top === "secrets" &&
      (field === "file" || field === "environment" || field === "external" || field === "name")
    ) {
      return [fact(file, `secret ${service}`, field === "external" ? "external" : `${field} ${value}`, line, service)];
    }
    if (top !== "services" && !top?.startsWith("x-")) return [];
    if (field === "env_file" && path[4] !== "required" && path[4] !== "format")
      return [fact(file, `${service} env_file ${value}`, "loaded", line)];
    if (field === "secrets")
      return path.at(-1) === "source" || path.length === 4
        ? [fact(file, `${service} secret ${value}`, "mounted", line, value)]
        : [];
    return field === "environment" || field === "args" || (field === "build" && third === "args")
      ? environmentFact(file, service, path, value, line)
      : [];
  });
}

function environmentFact(
  file: FileSide,
  service: string,
  path: readonly string[],
  value: string,
  line: number,
): readonly Fact[] {
  const last = path.at(-1) ?? "";
  const listed = /^\d+$/.test(last);
  const equals = value.indexOf("=");
  const name = listed ? (equals < 0 ? value : value.slice(0, equals)) : last;
  const given = listed ? (equals < 0 ? "" : value.slice(equals + 1)) : value;
  if (!isCredentialName(name)) return [];
  return [fact(file, `${service} ${name}`, sourceOf(given), line, name)];
}

/** From where the value comes; the value itself is none of a fact's business. */
function sourceOf(value: string): string {
  const text = value.trim();
  if (text === "" || text === "null") return "host environment";
  const [, variable, fallback] = /^\$\{?([A-Za-z_][A-Za-z0-9_]*)(:?-[^}]+)?\}?$/.exec(text) ?? [];
  if (variable !== undefined) return `variable ${variable}${fallback === undefined ? "" : " with a default"}`;
  if (text.startsWith("/run/secrets/")) return `mounted secret ${text.slice("/run/secrets/".length)}`;
  return text.includes("${") || text.includes("{{") ? "template" : PLAIN_TEXT;
}

function helmFacts(file: FileSide): readonly Fact[] {
  return file.literals.flatMap(({ path, value, line }): readonly Fact[] => {
    const last = path.at(-1) ?? "";
    const keys = path.filter((part) => !/^\d+$/.test(part));
    if (last === "name" && isCredentialName(value)) return [fact(file, `environment ${value}`, "named", line, value)];
    if (
      /^(?:existingSecret|existingSecretName|secretName|externalSecret|fromSecret|existingSecretKey)$/i.test(last) &&
      value !== ""
    )
      return [fact(file, `${keys.slice(0, -1).join(".")} ${last}`.trim(), value, line, value)];
    if (isCredentialName(last))
      return [fact(file, `${keys.slice(0, -1).join(".")} ${last}`.trim(), sourceOf(value), line, last)];
    const field =
      isCredentialField(last) &&
      !/(?:key|token)$/.test(
        last.toLowerCase().replace(/(?:api|access|secret|private|auth|bot)[_-]?(?:key|token)$/, ""),
      );
    return field && keys.length > 1 ? [fact(file, `${keys.join(".")}`, sourceOf(value), line, last)] : [];
  });
}

function fact(file: FileSide, key: string, value: string, line: number, reference?: string): Fact {
  return {
    rule: RULE,
    key,
    value,
    shown: `${key} (${value})`,
    line,
    confidence: confidenceIn(file),
    ...(reference === undefined ? {} : { references: [reference] }),
  };
}

function judge(change: FactChange): Judgement {
  const { before, after } = change;
  const direction = directionOf(change);
  if (!after) return { direction, severity: "minor", remedy: "Revoke the credential where nothing else uses it." };
  if (before && after.value === PLAIN_TEXT) {
    const remedy = "Read the value from a secret store instead of writing it into the file.";
    return { direction: "widened", severity: "major", remedy };
  }
  if (before?.value === PLAIN_TEXT) {
    const remedy = "Rotate the value that stood in the file: it stays in the history.";
    return { direction: "narrowed", severity: "minor", remedy };
  }
  const remedy = "Register the credential as an identity with an owner, and mount it from a secret store.";
  return { direction, severity: "material", remedy };
}
