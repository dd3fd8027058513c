import type { Detector, Fact, FactChange, FileSide, Judgement } from "../../core/detector.ts";
import type { Direction } from "../../core/finding.ts";
import { confidenceIn, directionOf, distinctFacts } from "../distinct-facts.ts";
import { accessOf } from "./kubernetes-access.ts";
import { isManifestFile, manifestsOf } from "./kubernetes-manifest.ts";

const RULE = "credential/kubernetes";
const ADMIN_ROLE = /^ClusterRole\/(?:cluster-admin|admin|edit|system:masters)$/;
/** Verbs by which one right becomes others. */
const ESCALATING = /^(?:\*|escalate|bind|impersonate)$/;
const READING: ReadonlySet<string> = new Set(["get", "list", "watch"]);

/** Kubernetes identities: roles and their bindings, service accounts, secrets and who mounts them. */
export const kubernetesDetector: Detector = {
  name: "kubernetes",
  rules: [
    {
      id: RULE,
      class: "credential",
      summary: "A Kubernetes role, binding, service account or secret gives more or less than before.",
      severity: "Wider: major, wildcards at least tier critical. Narrower: minor.",
    },
  ],
  literals: ["secret", "serviceaccount", "roleref", "verbs", "workload.identity"],
  selects: isManifestFile,
  extract: (file) => distinctFacts(factsOf(file)),
  judge,
};

/** What the slot of the conditions of an object in a template ends with. */
const CONDITION = " is made when";
const GRANTING = /^(?:Cluster)?Role(?:Binding)?$|^ServiceAccount$|^Secret$/;
const CONDITIONAL = /^\{\{-?\s{0,9}(?:else )?(?:if|with)\s([^{}]{1,400})\}\}/gm;

function factsOf(file: FileSide): readonly Fact[] {
  return [...accessFacts(file), ...conditionFacts(file)];
}

/** When a template makes the identities and rights that it holds: a condition less gives them to more. */
function conditionFacts(file: FileSide): readonly Fact[] {
  const objects = file.text.includes("{{") ? manifestsOf(file).filter(({ kind }) => GRANTING.test(kind)) : [];
  const first = objects[0];
  if (!first) return [];
  const conditions = [...file.text.matchAll(CONDITIONAL)].map(([, said = ""]) => said.replace(/[\s-]+$/, "").trim());
  const value = conditions.join(" and ").replace(/\s+/g, " ").slice(0, 1_000);
  const kinds = [...new Set(objects.map(({ kind }) => kind))].join(", ");
  return [{ rule: RULE, key: `${kinds}${CONDITION}`, value, line: first.line, confidence: confidenceIn(file) }];
}

function accessFacts(file: FileSide): readonly Fact[] {
  const confidence = confidenceIn(file);
  return manifestsOf(file)
    .flatMap(accessOf)
    .map(({ key, value, line, references }) => ({
      rule: RULE,
      key,
      value,
      shown: value === "present" || value === "every one" ? key : `${key}: ${value}`,
      line,
      confidence,
      ...(references ? { references } : {}),
    }));
}

function judge(change: FactChange): Judgement {
  const { before, after } = change;
  const direction = movement(change);
  if ((after ?? before)?.key.endsWith(CONDITION)) {
    const remedy = "Check who gets these rights under the new condition.";
    return { direction, severity: before && after ? "minor" : "trivial", remedy };
  }
  if (direction === "narrowed" || direction === "removed")
    return { direction, severity: "minor", remedy: "Check that nothing still needs what was taken away." };
  const critical = after !== undefined && isCritical(after);
  const remedy = critical
    ? "Name the verbs and resources, and bind a role of one namespace."
    : "Register the identity, and give it only what its workload uses.";
  const severity = direction === "added" ? "material" : "major";
  return { direction, severity, remedy, ...(critical ? { floor: "critical" as const } : {}) };
}

/** Rights, bindings and ties to a cloud's identity widen and narrow; service accounts and secrets come, go and change. */
function movement(change: FactChange): Direction {
  const { before, after } = change;
  const key = (after ?? before)?.key ?? "";
  if (key.endsWith(" automountServiceAccountToken")) return mounts(change) ? "widened" : "narrowed";
  if (!/ may | gives |role-arn|gcp-service-account|workload\.identity/.test(key)) return directionOf(change);
  if (!before || !after) return after ? "widened" : "narrowed";
  const [old, fresh] = [reachOf(before), reachOf(after)];
  if (old === fresh) return "changed";
  return fresh > old ? "widened" : "narrowed";
}

/** 1 for named objects or an ordinary role, 2 for every object or an administrator's role. */
function reachOf(fact: Fact): number {
  return fact.value === "every one" || isCritical(fact) ? 2 : 1;
}

/** Whether a pod gets its identity's token now and may not have got it before: it does unless it is said not to. */
function mounts({ before, after }: FactChange): boolean {
  return after ? after.value !== "false" : before?.value === "false";
}

function isCritical({ key, value }: Fact): boolean {
  const [, verb, resource = ""] = / may (\S+) (\S+)$/.exec(key) ?? [];
  if (verb === undefined) return key.includes(" gives ") && (ADMIN_ROLE.test(value) || / Group system:/.test(key));
  const everything = resource === "*" || resource.endsWith("/*");
  return ESCALATING.test(verb) || (everything && !READING.has(verb));
}
