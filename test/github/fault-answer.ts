import type { FaultKind } from "./faults.ts";
import type { Answer } from "./server.ts";

/** What reaches the client of a request that meets a fault. */
export type Spoilt =
  | { readonly kind: "reset" }
  | { readonly kind: "answer"; readonly answer: Answer; readonly text?: string; readonly cut?: boolean };

const PROXY_PAGE = "<!DOCTYPE html>\n<html><head><title>Unicorn! &middot; GitHub</title></head><body></body></html>";
const LIMITS = "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits";
const SECONDARY =
  "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub " +
  "Support for help, please include the request ID.";

/**
 * An answer as the fault makes it; `real` is what GitHub would have answered. Bodies and headers are those of GitHub's
 * "Rate limits for the REST API", "Troubleshooting the REST API" and "Rate limits and query limits for the GraphQL API".
 */
export function spoilt(fault: FaultKind, real: Answer, graphql: boolean): Spoilt {
  if (fault === "reset") return { kind: "reset" };
  if (fault === "truncated") return { kind: "answer", answer: real, cut: true };
  if (fault === "no json") return { kind: "answer", answer: { status: 200, body: null }, text: '{"id": 1, "na' };
  if (fault === "wrong json") return { kind: "answer", answer: { status: 200, body: { ok: "yes" } } };
  if ("slow" in fault) return { kind: "answer", answer: real };
  if ("partial" in fault) return { kind: "answer", answer: partly(real, fault.partial, fault.type) };
  if ("secondaryLimit" in fault) {
    const headers = { "retry-after": String(fault.secondaryLimit) };
    return {
      kind: "answer",
      answer: { status: 403, body: { message: SECONDARY, documentation_url: LIMITS }, headers },
    };
  }
  if ("tooMany" in fault) {
    const headers = { "retry-after": String(fault.tooMany) };
    return {
      kind: "answer",
      answer: { status: 429, body: { message: SECONDARY, documentation_url: LIMITS }, headers },
    };
  }
  if ("exhausted" in fault) return { kind: "answer", answer: exhausted(fault.exhausted, graphql) };
  if (fault.body === undefined && fault.status > 500)
    return {
      kind: "answer",
      answer: { ...fault, body: null, headers: { "content-type": "text/html" } },
      text: PROXY_PAGE,
    };
  return { kind: "answer", answer: { ...fault, body: fault.body ?? { message: "Server Error" } } };
}

function exhausted(seconds: number, graphql: boolean): Answer {
  const headers = {
    "x-ratelimit-remaining": "0",
    "x-ratelimit-used": "5000",
    "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + seconds),
  };
  const message = "API rate limit exceeded for installation ID 1.";
  if (graphql) return { status: 200, body: { errors: [{ type: "RATE_LIMITED", message }] }, headers };
  return { status: 403, body: { message, documentation_url: LIMITS }, headers };
}

/** GraphQL's answer without what stands at these paths, and an error for each. */
function partly(real: Answer, paths: readonly string[], type: string | undefined): Answer {
  const body = structuredClone(real.body) as { data: unknown; errors?: unknown[] };
  const errors = paths.map((path) => {
    const parts = path.split(".");
    const last = parts.pop() ?? "";
    const holder = parts.reduce<unknown>((at, part) => (at as Record<string, unknown> | null)?.[part], body.data);
    if (holder) (holder as Record<string, unknown>)[last] = null;
    return {
      ...(type === undefined ? {} : { type }),
      path: [...parts, last],
      message:
        "Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug.",
    };
  });
  return { ...real, body: { ...body, errors: [...(body.errors ?? []), ...errors] } };
}
