import type { Detector, Fact, FactChange, FileSide, Judgement } from "../core/detector.ts";
import { confidenceIn, directionOf, distinctFacts } from "./distinct-facts.ts";
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
    },
  ],
  literals: ["secret", "serviceaccount", "roleref", "verbs", "workload.identity"],
  selects: isManifestFile,
  extract: (file) => distinctFacts(factsOf(file)),
  judge,
};

function factsOf(file: FileSide): readonly Fact[] {
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
  const key = (after ?? before)?.key ?? "";
  const token = key.endsWith(" automountServiceAccountToken");
  if (token ? !mounts(change) : !after || before?.value === "every one")
    return { direction: "narrowed", severity: "minor", remedy: "Check that nothing still needs what was taken away." };
  const critical = after !== undefined && isCritical(after);
  const remedy = critical
    ? "Name the verbs and resources, and bind a role of one namespace."
    : "Register the identity, and give it only what its workload uses.";
  const grants = token || / may | gives |role-arn|gcp-service-account|workload\.identity/.test(key);
  const widened = grants || before !== undefined;
  return {
    direction: widened ? "widened" : directionOf(change),
    severity: widened ? "major" : "material",
    remedy,
    ...(critical ? { floor: "critical" as const } : {}),
  };
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
