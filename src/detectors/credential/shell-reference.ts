import type { FileSide } from "../../core/detector.ts";
import { isCredentialName, isDistinctCredentialName } from "./credential-name.ts";
import type { StoredReference } from "./secret-path.ts";

const VARIABLE =
  /\$(?:\{([A-Za-z_][A-Za-z0-9_]{2,99})(?=[}:\-?=#%/])|\(([A-Za-z_][A-Za-z0-9_]{2,99})\)|env:([A-Za-z_][A-Za-z0-9_]{2,99})|([A-Za-z_][A-Za-z0-9_]{2,99}))/g;
const ASSIGNMENT = /^\s*(?:-\s*)?(?:export\s+|ENV\s+|ARG\s+|set\s+|-x\s+)?([A-Z][A-Z0-9_]{2,99})\s*[:?]?=(.*)$/;
const DECLARATION = /^\s*(?:ARG|ENV|export)\s+([A-Z][A-Z0-9_]{2,99})(?:\s|$)/;
const BATCH_VARIABLE = /%([A-Za-z_][A-Za-z0-9_]{2,99})%/g;
const MOUNT = /--mount=type=secret,[^\s]{0,100}?id=([A-Za-z0-9_.-]{1,100})/g;
const NONE: readonly string[] = [];

/** Distinct names of credentials that a value sets for a command: `docker run -e NAME=…`, `environment=A="…",B="…"`. */
export function assignedNames(value: string): readonly string[] {
  if (!value.includes("=")) return NONE;
  const names = [...value.matchAll(/(?<![A-Za-z0-9_$.-])([A-Z][A-Z0-9_]{3,99})=/g)].map(([, name = ""]) => name);
  return names.filter(isDistinctCredentialName);
}

/** Credentials that commands read: `$NAME`, `${NAME}`, `$(NAME)`, `$env:NAME`, build arguments, mounted build secrets. */
export function shellReferences(file: FileSide): readonly StoredReference[] {
  const script = isScript(file.path);
  return file.text.split("\n").flatMap((line, index) => {
    return isCommentLine(line) ? [] : lineReferences(line, index + 1, script);
  });
}

/** Whether a line is nothing but a comment; one that follows a command hides nothing. */
export function isCommentLine(line: string): boolean {
  return /^\s*(?:#|\/\/|\/?\*|<#|::|REM\b)/i.test(line);
}

function isScript(path: string): boolean {
  return !/\.(?:ya?ml|toml|json)$/i.test(path);
}

function lineReferences(line: string, number: number, script: boolean): readonly StoredReference[] {
  const found: StoredReference[] = [];
  if (line.includes("$")) {
    for (const [, braced, called, powershell, plain] of line.matchAll(VARIABLE)) {
      const name = braced ?? called ?? powershell ?? plain ?? "";
      if (isCredentialName(name)) found.push({ name, store: "environment", line: number });
    }
  }
  if (script && line.includes("%")) {
    for (const [, name = ""] of line.matchAll(BATCH_VARIABLE))
      if (isCredentialName(name)) found.push({ name, store: "environment", line: number });
  }
  if (line.includes("type=secret")) {
    for (const [, name = ""] of line.matchAll(MOUNT)) found.push({ name, store: "build secret", line: number });
  }
  if (!script) return found;
  const [, assigned = "", value = ""] = ASSIGNMENT.exec(line) ?? [];
  if (isCredentialName(assigned))
    found.push({ name: assigned, store: readsAnother(value) ? "environment" : "plain text", line: number });
  const declared = DECLARATION.exec(line)?.[1] ?? "";
  if (isCredentialName(declared)) found.push({ name: declared, store: "environment", line: number });
  return found;
}

/** Whether an assigned value is empty or comes from elsewhere, so that no value stands in the file. */
function readsAnother(value: string): boolean {
  const text = value.trim().replace(/^["']|["']$/g, "");
  return text === "" || text.includes("$") || text.includes("`");
}
