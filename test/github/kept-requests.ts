import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { operationName } from "./conformance.ts";
import type { Recorded } from "./server.ts";

/** Names the folder in which every loopback GitHub of a run leaves what the program asked of it. */
export const KEPT_IN = "COUNTERSIGN_REQUESTS_KEPT_IN";

/** One operation that the program used: `GET /repos/{owner}/{repo}` or `GraphQL NAME`, with the permissions it needs. */
export interface KeptRequest {
  readonly operation: string;
  readonly needs: Readonly<Record<string, string>>;
}

/** Keeps the App's own requests that were answered; a workflow's token has its permissions from elsewhere. */
export function keepRequests(recorded: readonly Recorded[]): void {
  const folder = process.env[KEPT_IN];
  if (folder === undefined) return;
  const lines = new Set(recorded.filter(isProgram).map((one) => JSON.stringify(requestOf(one))));
  if (lines.size > 0) writeFileSync(join(folder, randomUUID()), [...lines].join("\n"));
}

/** Everything that was kept. */
export function keptRequests(folder: string): readonly KeptRequest[] {
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"));
  return [...new Set(lines)].map((line) => JSON.parse(line) as KeptRequest);
}

function isProgram({ agent, actor, app, status }: Recorded): boolean {
  return (
    agent.startsWith("countersign") &&
    app !== "github-actions" &&
    (actor === "installation" || actor === "app") &&
    status < 400
  );
}

function requestOf(recorded: Recorded): KeptRequest {
  if (recorded.path === "/graphql") {
    const { query } = recorded.body as { readonly query: string };
    const operation = `GraphQL ${/^\s*(?:query|mutation) (\w+)/.exec(query)?.[1] ?? "(unnamed)"}`;
    return {
      operation,
      needs: Object.assign({}, ...FIELDS.filter(([field]) => field.test(query)).map(([, needs]) => needs)),
    };
  }
  const operation = operationName(recorded) ?? `${recorded.method} ${recorded.path}`;
  // GitHub takes either permission for the comments of pull requests; the program holds this one.
  const needs = /^(?:POST|PATCH) \/repos\/.*\/issues\/[^ ]*comments(?:\/\{\w+\})?$/.test(operation)
    ? { pull_requests: "write" }
    : recorded.needs;
  return { operation, needs };
}

/** What App permissions the fields of GraphQL need, which GitHub describes nowhere by machine. */
const FIELDS: readonly (readonly [RegExp, Readonly<Record<string, string>>])[] = [
  [/\brevertPullRequest\s*\(/, { contents: "write", pull_requests: "write" }],
  [/\b(?:pullRequests?|reviews|timelineItems)\s*\(/, { pull_requests: "read" }],
  [/\bcomments\s*\(/, { issues: "read" }],
  [/\bmergeQueue(?:Entry)?\b/, { merge_queues: "read" }],
  [/\bobject\s*\(|\bon (?:Blob|Tree|Commit)\b|defaultBranchRef/, { contents: "read" }],
];
