import type { Manifest, ManifestField } from "./kubernetes-manifest.ts";

/** Something that an object of a cluster may do, be or read. */
export interface Access {
  readonly key: string;
  readonly value: string;
  readonly line: number;
  readonly references?: readonly string[];
}

const PRESENT = "present";
const SECRET_KINDS = /^(?:Secret|SealedSecret|(?:Cluster)?ExternalSecret|VaultStaticSecret|SecretProviderClass)$/;
/** Annotations and labels that tie a service account to an identity of a cloud. */
const CLOUD_IDENTITY = /role-arn|gcp-service-account|workload\.identity|aadpodidbinding/;

/** What one object gives: rights, bindings, an identity, secrets it holds or reads. */
export function accessOf(manifest: Manifest): readonly Access[] {
  const { kind, name, line } = manifest;
  const own = `${kind}/${name}`;
  if (kind === "Role" || kind === "ClusterRole") return rights(manifest, own);
  if (kind === "RoleBinding" || kind === "ClusterRoleBinding") return bindings(manifest, own);
  const facts = manifest.fields.flatMap((field) => [...usedSecret(manifest, field), ...identity(field, own)]);
  if (SECRET_KINDS.test(kind)) facts.push(...manifest.fields.flatMap((field) => secretEntry(field, own)));
  if (kind === "ServiceAccount") facts.push({ key: own, value: PRESENT, line, references: [name] });
  return facts;
}

/** One fact for each verb on each resource. */
function rights({ fields }: Manifest, own: string): readonly Access[] {
  const rules = new Map<
    string,
    { verbs: string[]; resources: string[]; groups: string[]; names: string[]; line: number }
  >();
  for (const { path, value, line } of fields) {
    const [head, index = "", list = ""] = path;
    if (head !== "rules") continue;
    const rule = rules.get(index) ?? { verbs: [], resources: [], groups: [], names: [], line };
    rules.set(index, rule);
    if (list === "verbs") rule.verbs.push(value);
    if (list === "resources" || list === "nonResourceURLs") rule.resources.push(value);
    if (list === "apiGroups") rule.groups.push(value);
    if (list === "resourceNames") rule.names.push(value);
  }
  return [...rules.values()].flatMap(({ verbs, resources, groups, names, line }) => {
    const value = names.length === 0 ? "every one" : [...names].sort().join(", ");
    return (groups.length > 0 ? groups : [""]).flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.map((verb) => ({
          key: `${own} may ${verb} ${group === "" ? resource : `${group}/${resource}`}`,
          value,
          line,
        })),
      ),
    );
  });
}

function bindings(manifest: Manifest, own: string): readonly Access[] {
  const role = `${manifest.at("roleRef/kind") ?? ""}/${manifest.at("roleRef/name") ?? ""}`;
  return manifest.fields.flatMap(({ path, value, line }): readonly Access[] => {
    if (path[0] !== "subjects" || path[2] !== "name") return [];
    const namespace = manifest.at(`subjects/${path[1]}/namespace`) ?? "";
    const kind = manifest.at(`subjects/${path[1]}/kind`) ?? "";
    return [{ key: `${own} gives ${kind} ${namespace === "" ? "" : `${namespace}/`}${value}`, value: role, line }];
  });
}

/** Secrets that pods read or mount: `name/key`, or the whole secret. */
function usedSecret(manifest: Manifest, { path, value, line }: ManifestField): readonly Access[] {
  const last = path.at(-1) ?? "";
  const parent = path.at(-2) ?? "";
  const used = (secret: string): readonly Access[] => [
    { key: `secret ${secret}`, value: PRESENT, line, references: [secret] },
  ];
  if (parent === "secretKeyRef" && last === "key")
    return used(`${manifest.at([...path.slice(0, -1), "name"].join("/")) ?? ""}/${value}`);
  const whole =
    (parent === "secretRef" && last === "name") ||
    last === "secretName" ||
    (path.at(-3) === "imagePullSecrets" && last === "name") ||
    (path.at(-3) === "secrets" && manifest.kind === "ServiceAccount" && last === "name");
  return whole && value !== "" ? used(value) : [];
}

/** What a pod runs as, and whether it gets that identity's token. */
function identity({ path, value, line }: ManifestField, own: string): readonly Access[] {
  const last = path.at(-1) ?? "";
  if (path[0] === "metadata")
    return /^(?:annotations|labels)$/.test(path[1] ?? "") && CLOUD_IDENTITY.test(path[2] ?? "")
      ? [{ key: `${own} ${path[2]}`, value, line }]
      : [];
  return last === "serviceAccountName" || last === "serviceAccount" || last === "automountServiceAccountToken"
    ? [{ key: `${own} ${last === "serviceAccount" ? "serviceAccountName" : last}`, value, line }]
    : [];
}

/** Names of a secret's entries, and for external secrets where they come from; never the values. */
function secretEntry({ path, value, line }: ManifestField, own: string): readonly Access[] {
  const entry = (name: string, text = PRESENT): readonly Access[] => [{ key: `${own} ${name}`, value: text, line }];
  if ((path[0] === "data" || path[0] === "stringData") && path.length === 2) return entry(path[1] ?? "");
  if (path[0] === "spec" && path[1] === "encryptedData") return entry(path[2] ?? "");
  const parent = path.at(-2);
  const last = path.at(-1);
  if (last === "key" && (parent === "remoteRef" || parent === "extract")) return entry(`from ${value}`);
  return last === "name" && parent === "secretStoreRef" ? entry("store", value) : [];
}
