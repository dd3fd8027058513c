import { memoised } from "../memoised.ts";

/** Where a credential is read from, weakest first: what several places of one file name is as weak as its weakest. */
export const STORES = [
  "plain text",
  "dotenv file",
  "environment",
  "build secret",
  "CI secret",
  "cluster secret",
  "secret store",
] as const;
/** A kind of place a credential is read from. */
export type Store = (typeof STORES)[number];

/** A credential's name as a file gives it, and where it is read from. */
export interface StoredReference {
  readonly name: string;
  readonly store: Store;
  readonly line: number;
}

/** Addresses of secrets in stores: the whole of a match, or its first group, is the name. */
const ADDRESSES: readonly RegExp[] = [
  /\{\{resolve:(?:ssm-secure|ssm|secretsmanager):([^}:\s]{1,512})/g,
  /\barn:aws[a-z-]*:(?:secretsmanager:[a-z0-9-]*:\d*:secret|ssm:[a-z0-9-]*:\d*:parameter)[:/][A-Za-z0-9/_+=.@*-]{1,512}/g,
  /\bop:\/\/[A-Za-z0-9 _.-]{1,100}\/[A-Za-z0-9 _./-]{1,300}/g,
  /\bprojects\/[A-Za-z0-9-]{1,100}\/secrets\/[A-Za-z0-9_-]{1,255}/g,
  /\bgcp-secret-manager:[^\s"']{1,300}/g,
  /\bhttps:\/\/[a-z0-9-]{3,24}\.vault\.azure\.net\/secrets\/[A-Za-z0-9-]{1,127}/g,
  /@Microsoft\.KeyVault\(([^)]{1,500})\)/g,
  /\bvault:\/?\/?[A-Za-z0-9_./#-]{3,300}/g,
  /\b(?:secret|kv|kv-v2)\/data\/[A-Za-z0-9_./#-]{1,300}/g,
  /\bssm:\/[A-Za-z0-9_./-]{1,500}/g,
];
/** One piece of each address above, by a character that it holds, so that ordinary values cost three looks. */
const PIECES: readonly (readonly [mark: string, pieces: readonly string[]])[] = [
  [":", ["{{resolve:", "arn:aws", "op://", "gcp-secret-manager:", "vault:", "ssm:/"]],
  ["/", ["projects/", "/data/"]],
  [".", [".vault.azure.net", "@Microsoft.KeyVault"]],
];

/** Calls and keys whose plain argument names a secret in a store. */
const READERS =
  /^(?:.*\.)?(?:get_secret_value|getsecretvalue|getsecretvaluecommand|get_secret|getsecret|access_secret_version|accesssecretversion|read_secret_version|read_secret|get_parameter|getparametercommand|get_parameters)\(\)$/i;
const READER_KEYS = /^(?:secretid|secret_id|secretname|secret_name)$/i;
const TERRAFORM_STORES =
  /^(?:aws_secretsmanager_secret(?:_version)?|aws_ssm_parameter|google_secret_manager_secret(?:_version)?|azurerm_key_vault_secret|vault_(?:generic|kv)_secret(?:_v2)?)$/;
const TERRAFORM_NAMES = /^(?:name|secret_id|secret|path)$/;

/** Whether a part of a path is one without which no path leads to the plain name of a secret. */
export function readsSecrets(part: string): boolean {
  if (part.endsWith("()")) return part === "credentials()" || isReader(part);
  return part === "credentialsId" || TERRAFORM_STORES.test(part);
}

const isReader = memoised((call) => READERS.test(call));

const NONE: readonly StoredReference[] = [];

/**
 * References to secret stores in one value: vault, SSM, Secrets Manager, Key Vault, Secret Manager, 1Password, Jenkins.
 * `named` is false where no path of the file has a part that reads secrets by their plain names.
 */
export function secretPaths(
  path: readonly string[],
  value: string,
  line: number,
  named = true,
): readonly StoredReference[] {
  const found = mayBeAddress(value) ? addressesIn(value, line) : NONE;
  if (found.length > 0 || !named) return found;
  return isName(value) && readsSecret(path) ? [{ name: value, store: "secret store", line }] : NONE;
}

function mayBeAddress(value: string): boolean {
  return PIECES.some(([mark, pieces]) => value.includes(mark) && pieces.some((piece) => value.includes(piece)));
}

function addressesIn(value: string, line: number): readonly StoredReference[] {
  return ADDRESSES.flatMap((pattern) =>
    [...value.matchAll(pattern)].map((match) => ({ name: match[1] ?? match[0], store: "secret store" as const, line })),
  );
}

function isName(value: string): boolean {
  return value.length >= 3 && value.length <= 512 && /^[A-Za-z0-9/_+=.@#-]+$/.test(value);
}

function readsSecret(path: readonly string[]): boolean {
  const last = path.at(-1) ?? "";
  const caller = path.at(-2) ?? "";
  if (TERRAFORM_STORES.test(path[1] ?? "") && TERRAFORM_NAMES.test(last)) return true;
  if (last === "credentialsId" || (caller === "credentials()" && last === "0")) return true;
  const reader = path.some((part) => part.endsWith("()") && isReader(part));
  return reader && (last === "0" || READER_KEYS.test(last) || /^(?:name|names|path)$/i.test(last));
}
