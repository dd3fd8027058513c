import type { FileSide } from "../../core/detector.ts";
import { groupLiterals, valueIn } from "../literal-groups.ts";

/** How a step of a workflow logs in to a cloud. */
export interface Login {
  readonly cloud: string;
  /** `static secret (…)`, or the fields of a federated identity. */
  readonly value: string;
  readonly line: number;
}

/** What every value of a static login begins with. */
export const STATIC = "static secret";

/** Fields of login steps by what they prove: a federated identity or a static secret. */
const ACTIONS: readonly {
  readonly action: RegExp;
  readonly cloud: string;
  readonly federated: RegExp;
  readonly secret: RegExp;
}[] = [
  {
    action: /^aws-actions\/configure-aws-credentials(?:@|$)/,
    cloud: "AWS",
    federated: /^role-to-assume$/,
    secret: /^aws-secret-access-key$/,
  },
  {
    action: /^google-github-actions\/auth(?:@|$)/,
    cloud: "Google Cloud",
    federated: /^(?:workload_identity_provider|service_account)$/,
    secret: /^credentials_json$/,
  },
  {
    action: /^azure\/login(?:@|$)/i,
    cloud: "Azure",
    federated: /^(?:client-id|tenant-id|subscription-id)$/,
    secret: /^creds$/,
  },
  {
    action: /^hashicorp\/vault-action(?:@|$)/,
    cloud: "Vault",
    federated: /^(?:role|jwtGithubAudience|path)$/,
    secret: /^(?:token|secretId)$/,
  },
  {
    action: /^anthropics\/claude-code-(?:base-)?action(?:@|$)/,
    cloud: "Anthropic",
    federated: /^anthropic_(?:federation_rule_id|service_account_id|organization_id|workspace_id)$/,
    secret: /^(?:anthropic_api_key|claude_code_oauth_token)$/,
  },
  {
    action: /^pypa\/gh-action-pypi-publish(?:@|$)/,
    cloud: "PyPI",
    federated: /^attestations$/,
    secret: /^password$/,
  },
];

/** The steps of a workflow that log in, each with what it logs in with. */
export function logins(file: FileSide): readonly Login[] {
  const steps = groupLiterals(file.literals, (path) => {
    const at = path.indexOf("steps");
    return at >= 0 && path.length > at + 2 ? at + 2 : null;
  });
  return steps.flatMap((step): readonly Login[] => {
    const uses = valueIn(step, /^uses$/) ?? "";
    const login = ACTIONS.find(({ action }) => action.test(uses));
    if (!login) return [];
    const given = step.fields.filter(({ path }) => path[0] === "with" && path.length === 2);
    const secrets = given.filter(({ path }) => login.secret.test(path[1] ?? ""));
    const federated = given.filter(({ path }) => login.federated.test(path[1] ?? ""));
    const [first] = [...secrets, ...federated];
    if (!first) return [];
    const value =
      secrets.length > 0
        ? `${STATIC} (${secrets.map(({ path }) => path[1]).join(", ")})`
        : federated
            .map((field) => `${field.path[1]} ${field.value}`)
            .sort()
            .join(", ");
    return [{ cloud: login.cloud, value, line: first.line }];
  });
}
