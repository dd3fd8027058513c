import type { Detector, Fact, FactChange, FileSide, Judgement } from "../core/detector.ts";
import { confidenceIn, directionOf, distinctFacts } from "./distinct-facts.ts";
import { isManifestFile, type Manifest, manifestsOf } from "./kubernetes-manifest.ts";

const RULE = "credential/kubernetes";
const ADMIN_ROLE = /^(?:cluster-admin|admin|edit)$/;
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
  literals: ["kind", "serviceaccount", "secretkeyref", "secretname", "rules:"],
  selects: isManifestFile,
  extract: (file) => distinctFacts(manifestsOf(file).flatMap((manifest) => manifestFacts(file, manifest))),
  judge,
};

function manifestFacts(file: FileSide, manifest: Manifest): readonly Fact[] {
  const { kind, name } = manifest;
  const own = `${kind}/${name}`;
  const add = (key: string, value: string, line: number, references: readonly string[] = []): Fact => ({
    rule: RULE,
    key,
    value,
    shown: value === "present" ? key : `${key}: ${value}`,
    line,
    confidence: confidenceIn(file),
    ...(references.length > 0 ? { references } : {}),
  });
  if (kind === "Role" || kind === "ClusterRole")
    return roleRules(manifest).map(({ verb, resource, line }) =>
      add(`${own} may ${verb} ${resource}`, "present", line),
    );
  if (kind === "RoleBinding" || kind === "ClusterRoleBinding")
    return bindingSubjects(manifest).map(({ subject, role, line }) => add(`${own} gives ${subject}`, role, line));
  const facts = [
    ...usedSecrets(manifest).map(({ secret, line }) =>
      add(`secret ${secret}`, "present", line, [secret.split("/").at(-1) ?? "", secret]),
    ),
    ...podIdentity(manifest, own, add),
  ];
  if (kind === "Secret" || kind === "SealedSecret" || kind === "ExternalSecret")
    facts.push(...secretKeys(manifest).map(({ key, value, line }) => add(`${own} ${key}`, value, line, [key])));
  if (kind === "ServiceAccount")
    facts.push(
      add(own, "present", manifest.line, [name]),
      ...annotations(manifest).map(({ key, value, line }) => add(`${own} ${key}`, value, line)),
    );
  return facts;
}

function roleRules({ fields }: Manifest): readonly { verb: string; resource: string; line: number }[] {
  const rules = new Map<string, { verbs: string[]; resources: string[]; groups: string[]; line: number }>();
  for (const { path, value, line } of fields) {
    const [head, index = "", list = ""] = path;
    if (head !== "rules") continue;
    const rule = rules.get(index) ?? { verbs: [], resources: [], groups: [], line };
    rules.set(index, rule);
    if (list === "verbs") rule.verbs.push(value);
    if (list === "resources" || list === "nonResourceURLs") rule.resources.push(value);
    if (list === "apiGroups") rule.groups.push(value);
  }
  return [...rules.values()].flatMap(({ verbs, resources, groups, line }) =>
    (groups.length > 0 ? groups : [""]).flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.map((verb) => ({ verb, resource: group === "" ? resource : `${group}/${resource}`, line })),
      ),
    ),
  );
}

function bindingSubjects({ fields }: Manifest): readonly { subject: string; role: string; line: number }[] {
  const at = (...path: string[]) => fields.find((field) => field.path.join("/") === path.join("/"))?.value ?? "";
  const role = `${at("roleRef", "kind")}/${at("roleRef", "name")}`;
  const named = fields.filter(({ path }) => path[0] === "subjects" && path[2] === "name");
  return named.map(({ path, value, line }) => {
    const namespace = at("subjects", path[1] ?? "", "namespace");
    return {
      subject: `${at("subjects", path[1] ?? "", "kind")} ${namespace === "" ? "" : `${namespace}/`}${value}`,
      role,
      line,
    };
  });
}

/** Secrets that pods read or mount: `name/key`, or the whole secret. */
function usedSecrets({ fields }: Manifest): readonly { secret: string; line: number }[] {
  return fields.flatMap(({ path, value, line }): readonly { secret: string; line: number }[] => {
    const last = path.at(-1) ?? "";
    const parent = path.at(-2) ?? "";
    if (parent === "secretKeyRef" && last === "key") {
      const prefix = path.slice(0, -1).join("/");
      const name = fields.find((field) => field.path.join("/") === `${prefix}/name`)?.value ?? "";
      return [{ secret: `${name}/${value}`, line }];
    }
    const whole =
      (parent === "secretRef" && last === "name") ||
      last === "secretName" ||
      (path.at(-3) === "imagePullSecrets" && last === "name");
    return whole && value !== "" ? [{ secret: value, line }] : [];
  });
}

type Add = (key: string, value: string, line: number) => Fact;

/** What a pod runs as: its service account, a mounted token, the host's privileges. */
function podIdentity({ fields }: Manifest, own: string, add: Add): readonly Fact[] {
  return fields.flatMap(({ path, value, line }): readonly Fact[] => {
    const last = path.at(-1) ?? "";
    if (last === "serviceAccountName" || last === "serviceAccount")
      return typeof path[0] === "string" && path[0] === "metadata"
        ? []
        : [add(`${own} serviceAccountName`, value, line)];
    if (last === "automountServiceAccountToken") return [add(`${own} ${last}`, value, line)];
    return (last === "privileged" ||
      last === "hostNetwork" ||
      last === "hostPID" ||
      last === "allowPrivilegeEscalation") &&
      value === "true"
      ? [add(`${own} ${last}`, value, line)]
      : [];
  });
}

/** Names of a secret's entries, and for external secrets where they come from; never the values. */
function secretKeys({ fields }: Manifest): readonly { key: string; value: string; line: number }[] {
  return fields.flatMap(({ path, value, line }) => {
    if (path[0] === "data" || path[0] === "stringData")
      return path.length === 2 ? [{ key: path[1] ?? "", value: "present", line }] : externalKey(path, value, line);
    if (path[0] === "spec" && path[1] === "encryptedData") return [{ key: path[2] ?? "", value: "present", line }];
    return path[0] === "spec" ? externalKey(path.slice(1), value, line) : [];
  });
}

function externalKey(
  path: readonly string[],
  value: string,
  line: number,
): readonly { key: string; value: string; line: number }[] {
  if (path.at(-2) === "remoteRef" || path.at(-2) === "extract")
    return path.at(-1) === "key" ? [{ key: `from ${value}`, value: "present", line }] : [];
  return path.at(-2) === "secretStoreRef" && path.at(-1) === "name" ? [{ key: "store", value, line }] : [];
}

/** Annotations that tie a service account to an identity of a cloud. */
function annotations({ fields }: Manifest): readonly { key: string; value: string; line: number }[] {
  return fields
    .filter(
      ({ path }) =>
        path[0] === "metadata" &&
        path[1] === "annotations" &&
        /role-arn|gcp-service-account|workload\.identity|client-id/.test(path[2] ?? ""),
    )
    .map(({ path, value, line }) => ({ key: path[2] ?? "", value, line }));
}

function judge(change: FactChange): Judgement {
  const { before, after } = change;
  const key = (after ?? before)?.key ?? "";
  const closing = after && key.endsWith(" automountServiceAccountToken") ? after.value === "false" : false;
  if (!after || closing) {
    const reopened = !after && key.endsWith(" automountServiceAccountToken") && before?.value === "false";
    if (reopened)
      return {
        direction: "widened",
        severity: "major",
        remedy: "Keep the token unmounted where the pod calls no API.",
      };
    return { direction: "narrowed", severity: "minor", remedy: "Check that nothing still needs what was taken away." };
  }
  const critical = isCritical(after);
  const grants =
    / may | gives /.test(key) ||
    /(?:privileged|hostNetwork|hostPID|allowPrivilegeEscalation|automountServiceAccountToken)$/.test(key);
  const changed = before !== undefined;
  const direction = grants || changed ? "widened" : directionOf(change);
  const remedy = critical
    ? "Name the verbs and resources, and bind a role of one namespace."
    : "Register the identity, and give it only what its workload uses.";
  return {
    direction,
    severity: grants || changed || key.includes("role-arn") ? "major" : "material",
    remedy,
    ...(critical ? { floor: "critical" as const } : {}),
  };
}

function isCritical({ key, value }: Fact): boolean {
  const [, verb, resource = ""] = / may (\S+) (\S+)$/.exec(key) ?? [];
  if (verb !== undefined)
    return (
      ESCALATING.test(verb) ||
      ((resource === "*" || resource.endsWith("/*")) && !READING.has(verb)) ||
      (/^secrets$/.test(resource) && verb === "*")
    );
  return key.includes(" gives ") && ADMIN_ROLE.test(value.split("/").at(-1) ?? "") && value.startsWith("ClusterRole/");
}
